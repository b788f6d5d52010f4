"""Background work, in each way that a site can choose."""

import threading

import pytest

from wagtail_petition.background import dispatch, tasks

done = threading.Event()


def work():
    """A worker for these tests."""
    done.set()


def fail():
    """A worker that fails."""
    done.set()
    raise ValueError("no such thing")


@pytest.fixture
def choose(settings):
    def choose(how):
        done.clear()
        settings.WAGTAIL_PETITION = {"BACKGROUND": how}

    return choose


def test_inline_it_is_done_at_once(choose):
    choose("inline")
    dispatch.dispatch(work)
    assert done.is_set()


def test_a_thread_does_it(choose):
    choose("thread")
    dispatch.dispatch(work)
    assert done.wait(30)


def test_a_failure_in_a_thread_is_logged_and_the_next_wake_works(choose, caplog):
    choose("thread")
    dispatch.dispatch(fail)
    assert done.wait(30)
    worker = dispatch._workers[fail]
    with worker.busy:
        pass
    assert "no such thing" in caplog.text
    done.clear()
    dispatch.dispatch(fail)
    assert done.wait(30)


def test_left_to_the_worker(choose):
    choose("worker")
    dispatch.dispatch(work)
    assert not done.is_set()


@pytest.mark.django_db
def test_as_a_task(choose, monkeypatch):
    choose("task")
    monkeypatch.setattr(tasks, "PACKAGE", "tests")
    dispatch.dispatch(work)
    assert done.is_set()


def test_a_task_runs_nothing_of_others():
    with pytest.raises(ValueError, match="is not a function of wagtail_petition"):
        tasks.work_off.func("os.getcwd")


def test_batches_leave_others_as_long_a_turn(monkeypatch):
    now, pauses = [0.0], []
    monkeypatch.setattr(dispatch.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(dispatch.time, "sleep", pauses.append)
    done = []
    for took in dispatch.throttled([3, 1, 2]):
        now[0] += took
        done.append(took)
    assert done == [3, 1, 2]
    # Nobody waits before the first, or after the last.
    assert pauses == [0, 3, 1]
