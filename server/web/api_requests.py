"""What the JSON API takes: queries and bodies, parsed once. The OpenAPI document is made of these too."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from server.calendar.models import SlotQuery, Status

LONGEST_RANGE_DAYS = 366


def _like(pattern: str, form: str) -> BeforeValidator:
    """Only text of that form: pydantic alone would also take numbers for times."""
    known = re.compile(pattern)

    def check(value: Any) -> Any:
        if value is not None and not (isinstance(value, str) and known.fullmatch(value)):
            raise ValueError(f"must look like {form}")
        return value

    return BeforeValidator(check)


def _in_living_memory(day: dt.date) -> dt.date:
    """Dates at the calendar's ends cannot be turned into instants."""
    if not 2000 <= day.year < 2200:
        raise ValueError("must lie between 2000 and 2199")
    return day


IsoDate = Annotated[dt.date, _like(r"\d{4}-\d\d-\d\d", "2026-11-23"), AfterValidator(_in_living_memory)]
IsoInstant = Annotated[
    AwareDatetime,
    _like(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*", "2026-11-23T12:00:00+02:00"),
    AfterValidator(_in_living_memory),
]
Minutes = Annotated[int, Field(ge=1, le=720)]
ServiceName = Annotated[str, Field(min_length=1, max_length=80, description="Name or alias")]
StaffName = Annotated[str, Field(min_length=1, max_length=80)]
CustomerName = Annotated[str, Field(min_length=1, max_length=80)]
Phone = Annotated[str, Field(min_length=1, max_length=40, description="As people write it; kept as E.164")]
Notes = Annotated[str, Field(max_length=1000)]


class Query(BaseModel):
    """`business` is an id; without it, the first business of the installation."""

    model_config = ConfigDict(extra="ignore")
    business: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class DayRange(Query):
    """Dates in the business's zone, both included. Absent `from`: today; absent `to`: the same day as `from`."""

    date_from: IsoDate | None = Field(None, alias="from")
    date_to: IsoDate | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> DayRange:
        if self.date_from and self.date_to:
            if self.date_to < self.date_from:
                raise ValueError("`to` is before `from`")
            if (self.date_to - self.date_from).days > LONGEST_RANGE_DAYS:
                raise ValueError(f"at most {LONGEST_RANGE_DAYS} days at once")
        return self

    def dates(self, today: dt.date) -> tuple[dt.date, dt.date]:
        first = self.date_from or min(today, self.date_to or today)
        return first, self.date_to or first


class CallsQuery(DayRange):
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=100)] = 50


class SlotsQuery(DayRange):
    service: ServiceName
    minutes: Minutes | None = None
    staff: StaffName | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100

    def wanted(self) -> SlotQuery:
        return SlotQuery(
            service=self.service,
            minutes=self.minutes,
            date_from=self.date_from,
            date_to=self.date_to,
            staff=self.staff,
            limit=self.limit,
        )


class Body(BaseModel):
    """A field nobody knows is a mistake, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class NewAppointment(Body):
    """`minutes` absent: the service's shortest length. `staff` absent: anyone who is free."""

    service: ServiceName
    minutes: Annotated[int, Field(ge=1, le=720, strict=True)] | None = None
    starts_at: IsoInstant
    staff: StaffName | None = None
    customer_name: CustomerName
    customer_phone: Phone | None = None
    notes: Notes | None = None


class AppointmentChange(Body):
    """Any of these; what is absent stays."""

    starts_at: IsoInstant | None = None
    minutes: Annotated[int, Field(ge=1, le=720, strict=True)] | None = None
    staff: StaffName | None = None
    status: Status | None = None
    customer_name: CustomerName | None = None
    customer_phone: Phone | None = None
    notes: Notes | None = None

    @model_validator(mode="after")
    def _something(self) -> AppointmentChange:
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        for name in self.model_fields_set:
            if getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null")
        return self
