"""Addresses of emergencies."""

from django.urls import path

from . import pages, pages_plans

app_name = "emergencies"
urlpatterns = [
    path("desk/emergencies/", pages.index, name="index"),
    path("desk/emergencies/new/", pages.new, name="new"),
    path("desk/emergencies/plans/", pages_plans.plans, name="plans"),
    path("desk/emergencies/plans/new/", pages_plans.plan, name="plan_new"),
    path("desk/emergencies/plans/<int:plan_id>/", pages_plans.plan, name="plan"),
    path("desk/emergencies/duty/", pages_plans.duty, name="duty"),
    path("desk/emergencies/duty/copy/", pages_plans.duty_copy, name="duty_copy"),
    path(
        "desk/emergencies/duty/<int:shift_id>/remove/", pages_plans.duty_remove, name="duty_remove"
    ),
    path("desk/emergencies/<int:emergency_id>/", pages.situation, name="situation"),
    path("desk/emergencies/<int:emergency_id>/resources/", pages.resources, name="resources"),
    path("desk/emergencies/<int:emergency_id>/steps/<slug:name>/", pages.step, name="step"),
    path("desk/emergencies/<int:emergency_id>/reports/<int:number>/", pages.report, name="report"),
]
