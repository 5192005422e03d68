from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "linli.base.people"
    label = "people"
    verbose_name = "人口"

    def ready(self) -> None:
        """Plug in permissions, the flow, the menu, and what moves when areas change."""
        from django.utils.translation import gettext_lazy as _

        from linli.kernel.flow import register_flow
        from linli.kernel.scope import register_permissions
        from linli.kernel.secrets.sealed import register_sealed_column
        from linli.kernel.ui.menu import REGISTERS, register_menu

        from ..areas.moving import register_mover
        from .actions import (
            move_buildings,
            move_imports,
            move_organisations,
            move_requests,
            move_residents,
        )
        from .changes.flow import REQUEST_FLOW
        from .erasable import register_part
        from .erasing.flow import ERASURE_FLOW
        from .erasing.own_parts import OWN_PARTS
        from .indexing import plug_in as plug_in_indexes
        from .own_purposes import OWN_PURPOSES
        from .policies import POLICIES
        from .purposes import register_purpose
        from .retained import register_retained
        from .retention.own_kinds import OWN_KINDS

        for purpose in OWN_PURPOSES:
            register_purpose(purpose)
        register_permissions(POLICIES)
        register_sealed_column("people_ledger_import", "body")
        register_flow(REQUEST_FLOW)
        register_flow(ERASURE_FLOW)
        for key, part in OWN_PARTS.items():
            register_part(key, part)
        for kind in OWN_KINDS:
            register_retained(kind)
        register_mover("buildings", move_buildings, _("建筑"))
        register_mover("residents", move_residents, _("居民档案"))
        register_mover("requests", move_requests, _("更正申请"))
        register_mover("organisations", move_organisations, _("单位场所"))
        register_mover("imports", move_imports, _("未完成的台账导入"))
        register_menu(
            "people", _("居民"), "people:residents", "users", permission="people.view", order=60,
            group=REGISTERS,
        )  # fmt: skip
        register_menu(
            "buildings", _("房屋"), "people:buildings", "building", permission="people.view",
            order=61, group=REGISTERS,
        )  # fmt: skip
        register_menu(
            "organisations", _("单位登记"), "people:organisations", "briefcase",
            permission="people.view", order=62, group=REGISTERS,
        )  # fmt: skip
        register_menu(
            "imports", _("导入台账"), "people:imports", "file-import", permission="people.import",
            order=62, group=REGISTERS,
        )  # fmt: skip
        register_menu(
            "record_requests", _("更正申请"), "people:requests", "edit",
            permission="people.decide", order=63, group=REGISTERS,
        )  # fmt: skip
        register_menu(
            "erasures", _("删除申请"), "people:erasures", "eraser",
            permission="people.erasures", order=63, group=REGISTERS,
        )  # fmt: skip
        register_menu("record", _("我的档案"), "people:own", "id", face="public", order=45)
        register_menu(
            "record_looks", _("档案查看记录"), "people:looks", "eye", permission="people.looks",
            order=64, group=REGISTERS,
        )  # fmt: skip
        register_menu(
            "retention", _("保存期限"), "people:retention", "clock", permission="people.retention",
            order=65, group=REGISTERS,
        )  # fmt: skip
        plug_in_indexes()
