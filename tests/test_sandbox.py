"""The clock of a sandbox stands where its operator put it, and goes back nowhere."""

from datetime import date

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.up.sandbox import NoSandbox, clock_in
from shared.clock import day_of, file_clock

DAY = date(2025, 9, 16)


def test_a_clock_stands_on_its_day_and_may_be_moved_on(tmp_path):
    folder = tmp_path / "new"
    for day in (DAY, date(2025, 9, 20)):
        env = clock_in(folder, day)
        assert day_of(file_clock(folder / "clock")()) == day
    assert clock_in(folder, None) == env
    assert day_of(file_clock(folder / "clock")()) == date(2025, 9, 20)


def test_time_does_not_go_back(tmp_path):
    clock_in(tmp_path / "new", DAY)
    with pytest.raises(NoSandbox, match="does not go back"):
        clock_in(tmp_path / "new", date(2025, 9, 15))


def test_a_folder_that_was_begun_with_the_real_clock_keeps_it(tmp_path):
    with pytest.raises(NoSandbox, match="begun with the real clock"):
        clock_in(tmp_path, DAY)
    ended = CliRunner().invoke(app, ["up", "--data", str(tmp_path), "--clock", "2025-09-16"])
    assert (ended.exit_code, "begun with the real clock" in ended.stderr) == (2, True)


def test_a_day_that_is_none_is_refused(tmp_path):
    ended = CliRunner().invoke(app, ["up", "--data", str(tmp_path / "new"), "--clock", "16/9/2025"])
    assert (ended.exit_code, '"16/9/2025" is no day such as 2025-09-16' in " ".join(ended.stderr.split())) == (2, True)
