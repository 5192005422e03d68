from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SheetsConfig(AppConfig):
    name = "linli.base.sheets"
    label = "sheets"
    verbose_name = "一表通"

    def ready(self) -> None:
        """Plug in permissions, flows, the menu, known figures, and what moves with areas."""
        from linli.kernel.flow import register_flow
        from linli.kernel.scope import register_permissions
        from linli.kernel.ui.menu import REGISTERS, register_menu

        from ..areas.moving import register_mover
        from ..messages.templates import register_templates
        from ..people.erasable import register_part
        from ..people.retained import register_retained
        from .actions.moving import move_sheets
        from .erasing import LINES, PART
        from .flow import PART_FLOW, SHEET_FLOW
        from .policies import POLICIES
        from .registers import register_people
        from .reminders import REMINDER_LABELS, REMINDERS
        from .rosters.fields import register_registers

        register_permissions(POLICIES)
        register_flow(SHEET_FLOW)
        register_flow(PART_FLOW)
        register_mover("sheets", move_sheets, _("报表"))
        register_part("sheets", PART)
        register_retained(LINES)
        register_people()
        register_registers()
        register_templates(REMINDERS, REMINDER_LABELS)
        register_menu(
            "sheets", _("一表通"), "sheets:sheets", "table", permission="sheets.export", order=66,
            group=REGISTERS,
        )  # fmt: skip
        register_menu(
            "sheet_tasks", _("报表填报"), "sheets:tasks", "forms", permission="sheets.fill",
            order=67, group=REGISTERS,
        )  # fmt: skip
        register_menu(
            "sheet_burden", _("报表负担"), "sheets:burden", "chart-bar",
            permission="sheets.burden", order=68, group=REGISTERS,
        )  # fmt: skip
