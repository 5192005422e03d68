"""Addresses of cases."""

from django.urls import path, re_path

from . import pages_desk as desk
from . import pages_list
from .mediation import pages as mediation
from .mediation import pages_papers as papers
from .natures import pages as natures
from .natures import pages_praise
from .same import pages as same
from .suggest import pages as suggest
from .tasks import pages as tasks
from .tasks import pages_calls as calls
from .together import pages as together

app_name = "cases"
urlpatterns = [
    path("desk/", desk.todo, name="todo"),
    path("desk/cases/", pages_list.cases, name="list"),
    path("desk/cases/together/", together.together, name="together"),
    path("desk/cases/new/", desk.new, name="new"),
    path("desk/cases/new/hints/", same.hints, name="hints"),
    path("desk/suggestions/", suggest.learned, name="learned"),
    path("desk/cases/<slug:number>/same/", same.panel, name="same"),
    path("desk/cases/<slug:number>/history/", same.history, name="history"),
    path("desk/cases/<slug:number>/join/", same.join, name="join"),
    path("desk/cases/<slug:number>/", desk.detail, name="detail"),
    path("desk/cases/<slug:number>/contact/", desk.contact, name="contact"),
    path("desk/cases/<slug:number>/steps/<slug:name>/", desk.step, name="step"),
    path("desk/cases/<slug:number>/tasks/<slug:kind>/", tasks.new, name="task_new"),
    path("desk/calls/", calls.call_list, name="calls"),
    path("desk/calls/next/", calls.next_call, name="call_next"),
    path("desk/calls/<int:task_id>/", calls.call, name="call"),
    path("desk/calls/<int:task_id>/<slug:name>/", calls.answer, name="call_answer"),
    path("desk/mediation/", mediation.mediations, name="mediations"),
    path("desk/mediation/new/", mediation.new, name="mediation_new"),
    path("desk/mediation/<int:mediation_id>/", mediation.mediation, name="mediation"),
    path(
        "desk/mediation/<int:mediation_id>/steps/<slug:name>/",
        mediation.step,
        name="mediation_step",
    ),
    path("desk/mediation/<int:mediation_id>/parties/", papers.parties, name="mediation_parties"),
    re_path(
        r"^desk/mediation/(?P<mediation_id>[0-9]+)/agreement\.(?P<kind>docx|pdf)$",
        papers.paper,
        name="mediation_paper",
    ),
    path("desk/praise/", pages_praise.praise, name="praise"),
    path("desk/looks/", natures.looks, name="looks"),
    path("desk/tasks/", tasks.tasks, name="tasks"),
    path("desk/tasks/<int:task_id>/", tasks.task, name="task"),
    path("desk/tasks/<int:task_id>/steps/<slug:name>/", tasks.step, name="task_step"),
    path("files/cases/<int:attachment_id>/", desk.attachment, name="file"),
    path(
        "files/cases/<int:attachment_id>/small/", desk.attachment, {"small": True}, name="thumbnail"
    ),
]
