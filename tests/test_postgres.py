"""The PostgreSQL that tests are run on is a real one, and each test has it to itself."""

import psycopg
import pytest
import sqlalchemy

from tests.postgres import PostgresServer


def test_each_database_is_empty_and_speaks_all_languages(postgres: PostgresServer) -> None:
    for _ in range(2):
        with postgres.database() as url:
            engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
            with engine.begin() as connection:
                connection.exec_driver_sql("CREATE EXTENSION unaccent")
                connection.exec_driver_sql("CREATE EXTENSION pg_trgm")
                connection.exec_driver_sql("CREATE TABLE only_here (word text)")
                lower = connection.exec_driver_sql("SELECT lower('ÄÉØ')").scalar()

        assert lower == "äéø"


def test_a_database_is_gone_after_its_test(postgres: PostgresServer) -> None:
    with postgres.database() as url:
        name = sqlalchemy.make_url(url).database or ""
        postgres.connect(name).close()

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        postgres.connect(name)
