"""Settings from a TOML file, overridden by environment variables ``<PREFIX><TABLE>__<KEY>``.

Unknown keys are refused, in the file and among the variables, so that a typing error is found at
start and not in the field.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

DELIMITER = "__"

#: For what can be switched off: TOML knows no null, and a variable is always text.
off_is_none = BeforeValidator(lambda value: None if value == "off" else value)


#: What Kubernetes tells each container about a Service. Those of one that is named after us, say
#: offhook-gateway, begin with our prefix.
_of_a_service = re.compile(
    r"(\w+_)?(SERVICE_HOST=|SERVICE_PORT(_\w+)?=|PORT=(tcp|udp|sctp)://"
    r"|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?=)"
).match


class Section(BaseModel):
    """One table of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(BaseSettings):
    """All tables of one program. A subclass names its ``env_prefix``."""

    model_config = SettingsConfigDict(env_nested_delimiter=DELIMITER, extra="forbid", frozen=True)

    @classmethod
    def load(cls, path: Path | None = None, **overrides: Any) -> Self:
        """Read ``path``; the environment wins over the file, ``overrides`` over both."""
        if path is not None and not path.is_file():
            raise FileNotFoundError(f"no configuration file at {path}")

        class FromFile(cls):  # type: ignore[misc,valid-type]
            model_config = SettingsConfigDict(toml_file=path)

        FromFile.__name__ = cls.__name__
        loaded: Self = FromFile(**overrides)
        return loaded

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (
            init_settings,
            env_settings,
            _UnknownVariables(settings_cls),
            TomlConfigSettingsSource(settings_cls),
        )


class _UnknownVariables(PydanticBaseSettingsSource):
    """Variables with our prefix that name no table. The usual source passes them over; here they
    reach the model, which refuses them."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        prefix = self.config["env_prefix"]
        ours = {
            name[len(prefix) :]: value
            for name, value in os.environ.items()
            if name.upper().startswith(prefix)
        }
        return {
            name.lower(): None
            for name, value in ours.items()
            if name.lower().partition(DELIMITER)[0] not in self.settings_cls.model_fields
            and not _of_a_service(f"{name}={value}")
        }
