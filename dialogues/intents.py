"""The 63 intents, as Rasa names them, in the order of the menu of meanings."""

from collections.abc import Mapping

INTENTS: tuple[str, ...] = (
    "greet", "goodbye", "thank", "affirm", "deny", "ask_menu", "go_back", "cancel", "change_language",
    "ask_repeat", "ask_bot_identity", "complain",
    "ask_privacy", "delete_my_data", "export_my_data",
    "ask_human",
    "find_permanence", "book_appointment", "change_appointment", "cancel_appointment", "list_appointments",
    "running_late",
    "emergency_suicide", "emergency_violence", "emergency_shelter", "emergency_medical", "emergency_child",
    "rights_rsa", "rights_unemployment", "rights_youth", "rights_work_bonus", "rights_disability",
    "rights_health_cover", "rights_undocumented_health", "rights_mental_health", "rights_housing_benefit",
    "rights_social_housing", "rights_address", "rights_food", "rights_asylum", "rights_residence_permit",
    "rights_work_permit", "rights_french_classes", "rights_diploma", "rights_training", "rights_job_search",
    "rights_insertion_jobs", "rights_apprenticeship", "rights_after_prison", "rights_criminal_record",
    "rights_legal_aid", "rights_bank_account", "rights_debt", "rights_childcare", "rights_family_benefits",
    "rights_schooling", "rights_transport", "rights_old_age", "rights_energy", "rights_digital",
    "rights_labour_dispute", "rights_discrimination",
    "out_of_scope",
)

EMERGENCIES: tuple[str, ...] = tuple(intent for intent in INTENTS if intent.startswith("emergency_"))
RIGHTS: tuple[str, ...] = tuple(intent for intent in INTENTS if intent.startswith("rights_"))

# Payloads only buttons send, never the classifier: a reminder's answers, the alert after an emergency.
# What people look for, and the topics under it: a menu of nine on a small screen, not of thirty-five.
THEMES: Mapping[str, tuple[str, ...]] = {
    "papers": ("rights_residence_permit", "rights_asylum", "rights_work_permit", "rights_address",
               "rights_legal_aid"),
    "health": ("rights_health_cover", "rights_undocumented_health", "rights_mental_health", "rights_disability"),
    "home": ("rights_social_housing", "rights_housing_benefit", "rights_energy", "rights_address"),
    "money": ("rights_rsa", "rights_unemployment", "rights_work_bonus", "rights_old_age", "rights_debt",
              "rights_bank_account"),
    "work": ("rights_job_search", "rights_insertion_jobs", "rights_work_permit", "rights_labour_dispute",
             "rights_discrimination"),
    "learning": ("rights_french_classes", "rights_training", "rights_apprenticeship", "rights_diploma",
                 "rights_youth"),
    "family": ("rights_family_benefits", "rights_childcare", "rights_schooling"),
    "daily": ("rights_food", "rights_transport", "rights_digital", "rights_energy"),
    "justice": ("rights_after_prison", "rights_criminal_record", "rights_legal_aid", "rights_debt"),
}
BUTTON_INTENTS: tuple[str, ...] = ("confirm_appointment", "alert_team", "rights_menu", "talk_to_machine",
                                   "share_position", "take_seat", "wait_for_seat", "leave_waiting", "rights_more",
                                   "check_right", "share_topic", "change_alias",
                                   "pass_on_yes", "pass_on_no", "withdraw_lead", "liaison_yes", "liaison_no",
                                   *(f"theme_{theme}" for theme in THEMES))
