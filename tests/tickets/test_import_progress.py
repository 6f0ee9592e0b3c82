"""Progress is shown on a terminal and without one."""

from io import StringIO

from tickets.importing.progress import Progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_the_bar_stays_on_one_line() -> None:
    stream = Terminal()
    progress = Progress("迁入", stream)
    progress.begin(4)
    progress.step(2)
    progress.step(4)
    progress.end("退回 1")
    shown = stream.getvalue()
    assert shown.count("\n") == 1
    assert shown.startswith("\r迁入 ")
    assert "100% 4/4" in shown
    assert "退回 1" in shown


def test_without_a_terminal_each_state_is_a_line_of_its_own() -> None:
    stream = StringIO()
    progress = Progress("迁入", stream)
    progress.begin(2)
    progress.step(1)
    progress.end()
    assert "\r" not in stream.getvalue()
    assert stream.getvalue().endswith("\n")


def test_an_empty_table_is_done_at_once() -> None:
    stream = StringIO()
    progress = Progress("迁入", stream)
    progress.begin(0)
    progress.end()
    assert "100% 0/0" in stream.getvalue()
