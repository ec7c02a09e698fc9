"""The facts, the rules, the conditions and the queries. Peewee is imported here and in `work`, nowhere else."""

from app.models import drivers  # noqa: F401  (before anything imports Peewee)
