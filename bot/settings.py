"""The app's settings: from the environment and ``.env``, never from ``config.yml`` (that is Rasa's)."""

from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting, with what it means. Variables start with PREMIERPAS_ but for Telegram's own names."""

    model_config = SettingsConfigDict(env_file=".env", env_prefix="PREMIERPAS_", extra="ignore")

    host: str = Field("127.0.0.1", description="the address the page and the console listen on")
    port: int = Field(8000, ge=0, le=65535, description="the port of the page and the console")
    public_url: str | None = Field(None, description="how people reach the page, when not by host and port")
    data: Path = Field(Path("var"), description="where the embedded database, keys and models are kept")
    database_url: str | None = Field(None, description="sqlite+aiosqlite:// or postgresql+psycopg://")
    keys: SecretStr | None = Field(None, description="encryption keys, newest first; a key file in data if unset")
    rest_token: SecretStr | None = Field(None, description="opens the REST channel beyond loopback")
    rasa_url: str | None = Field(None, description="a Rasa server that runs already; started here if unset")
    rasa_token: SecretStr | None = Field(None, description="the token of that Rasa server")
    smtp_url: SecretStr | None = Field(None, description="smtp://user:password@server:587, for mail to teams")
    mail_from: str = Field("Premier Pas <ne-pas-repondre@localhost>", description="who those mails are from")
    bounce_address: str | None = Field(None, description="where those mails come back to, refused")
    imap_url: SecretStr | None = Field(None, description="imaps://user:password@server, to read what comes back")
    translate_url: str | None = Field(
        None, description="a LibreTranslate server, to translate between people and counsellors; off if unset")
    translate_key: SecretStr | None = Field(None, description="that server's key, when it asks for one")
    webhook_url: str | None = Field(None, description="another system that is told of each change of the calendar")
    webhook_secret: SecretStr | None = Field(None, description="signs those calls (HMAC-SHA256)")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    telegram_token: SecretStr | None = Field(
        None, validation_alias=AliasChoices("TELEGRAM_BOT_TOKEN", "PREMIERPAS_TELEGRAM_TOKEN"))
    telegram_api_url: str | None = Field(
        None, validation_alias=AliasChoices("TELEGRAM_API_URL", "PREMIERPAS_TELEGRAM_API_URL"))
    telegram_webhook_url: str | None = Field(
        None, validation_alias=AliasChoices("TELEGRAM_WEBHOOK_URL", "PREMIERPAS_TELEGRAM_WEBHOOK_URL"))
    telegram_webhook_secret: SecretStr | None = Field(
        None, validation_alias=AliasChoices("TELEGRAM_WEBHOOK_SECRET", "PREMIERPAS_TELEGRAM_WEBHOOK_SECRET"))
