"""The meanings the bot tells apart. A training example that names another is refused."""

INTENTS: tuple[str, ...] = (
    # conversation
    "greet", "goodbye", "thank", "affirm", "deny", "ask_menu", "go_back", "cancel", "change_language",
    "ask_repeat", "ask_bot_identity", "complain",
    # privacy
    "ask_privacy", "delete_my_data", "export_my_data",
    # human
    "ask_human",
    # appointments
    "find_permanence", "book_appointment", "change_appointment", "cancel_appointment", "list_appointments",
    "running_late",
    # emergencies: these must never be missed
    "emergency_suicide", "emergency_violence", "emergency_shelter", "emergency_medical", "emergency_child",
    # rights
    "rights_rsa", "rights_unemployment", "rights_youth", "rights_work_bonus", "rights_disability",
    "rights_health_cover", "rights_undocumented_health", "rights_mental_health", "rights_housing_benefit",
    "rights_social_housing", "rights_address", "rights_food", "rights_asylum", "rights_residence_permit",
    "rights_work_permit", "rights_french_classes", "rights_diploma", "rights_training", "rights_job_search",
    "rights_insertion_jobs", "rights_apprenticeship", "rights_after_prison", "rights_criminal_record",
    "rights_legal_aid", "rights_bank_account", "rights_debt", "rights_childcare", "rights_family_benefits",
    "rights_schooling", "rights_transport", "rights_old_age", "rights_energy", "rights_digital",
    "rights_labour_dispute", "rights_discrimination",
    "out_of_scope",
)  # fmt: skip

# What Rasa's FallbackClassifier answers when no meaning is likely enough. Not one of the meanings.
FALLBACK = "nlu_fallback"
EMERGENCIES: frozenset[str] = frozenset(name for name in INTENTS if name.startswith("emergency_"))
