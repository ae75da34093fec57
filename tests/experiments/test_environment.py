"""The negotiation as learners see it: PettingZoo's own tests, and sessions worked by hand."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from pettingzoo.test import parallel_api_test, parallel_seed_test

from experiments.environment import NegotiationEnv, environment
from experiments.errors import Unknown
from experiments.examples.train_bandit import SHARES, main, train
from experiments.tournament.match import Case, Run, play
from experiments.wiring import terms
from market.terms import Terms
from tests.experiments.small_tournament import (
    COSTS,
    NO_LINK,
    OPTIONS,
    small_scenario,
    small_study,
    write_scenario,
)

PAIR = ("N", "N")
FIRST, SECOND = "network-1", "network-2"


def small_env(horizon=1, mechanism="hco", costs=COSTS, **more) -> NegotiationEnv:
    """Return an environment over the small tournament's two windows, a day."""
    parties = np.shape(costs)[0]
    rules = {"mechanism": mechanism, "default": 1, "horizon": horizon}
    agreed = Terms(parties=parties, options=OPTIONS, **rules)
    isolated = np.array(NO_LINK) if costs is COSTS else np.array(costs)[..., 1]
    return NegotiationEnv(Case(np.array(costs), isolated, 2), agreed, **more)


def long_env(horizon=1, mechanism="hco", **more) -> NegotiationEnv:
    """Return an environment over 24 windows, with three parties."""
    costs = np.random.default_rng(0).uniform(0, 20, (3, 24, 3))
    return small_env(horizon, mechanism, costs, **more)


def truths(env, seen):
    """Return the actions that state the truth."""
    return {
        name: env.layout.part(seen[name], "value").reshape(env.action_space(name).shape)
        for name in env.agents
    }


@pytest.mark.parametrize("opponents", [{}, {SECOND: "tremble(best-response, chance=0.5)"}])
@pytest.mark.parametrize("mechanism", ["hco", "rps"])
@pytest.mark.parametrize("horizon", [1, 5])
def test_pettingzoo_finds_it_in_order(horizon, mechanism, opponents):
    def made():
        return long_env(horizon, mechanism, opponents=opponents)

    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        parallel_api_test(made(), num_cycles=30)
    parallel_seed_test(made, num_cycles=30)


def test_two_windows_of_offers_come_out_as_worked_by_hand():
    env = small_env()
    seen, _ = env.reset()

    seen, earned, ended, over, infos = env.step(truths(env, seen))

    assert infos[FIRST]["option"].tolist() == [0]
    assert infos[FIRST]["payment_gbp"].tolist() == pytest.approx([5.0])
    assert earned == pytest.approx({FIRST: 5.0 - 5.0, SECOND: 0.0 + 5.0})
    assert not any(ended.values())
    assert not any(over.values())
    assert env.agents == [FIRST, SECOND]

    seen, earned, ended, over, _ = env.step(truths(env, seen))

    assert earned == pytest.approx({FIRST: 10.0 + 9.0, SECOND: 19.0 - 9.0})
    assert not any(ended.values())
    assert all(over.values())
    assert env.agents == []


def test_an_observation_tells_its_own_present_and_what_all_bid_last():
    env = small_env()
    seen, _ = env.reset()
    part = env.layout.part

    assert env.scale_gbp == {FIRST: 20.0, SECOND: 20.0}
    assert part(seen[FIRST], "value").tolist() == pytest.approx(np.array([[1.0, 0.4, 0.0]]))
    assert part(seen[FIRST], "best").tolist() == pytest.approx([0.25])
    assert part(seen[FIRST], "half-hour").tolist() == [0.0, 1.0]
    assert part(seen[FIRST], "authority").tolist() == [1.0]
    assert part(seen[SECOND], "authority").tolist() == [0.0]
    for name in ("bids", "option", "payment", "free"):
        assert not part(seen[FIRST], name).any(), "nothing has happened yet"

    seen, *_ = env.step(truths(env, seen))

    assert part(seen[FIRST], "value").tolist() == [[1.0, 0.5, 0.0]]
    assert part(seen[FIRST], "best").tolist() == [1.0]
    assert part(seen[FIRST], "bids")[0].tolist() == pytest.approx(np.array([[0, 0.15, 0.25]]))
    assert part(seen[FIRST], "option").tolist() == [[1.0, 0.0, 0.0]]
    assert part(seen[FIRST], "payment").tolist() == pytest.approx([0.25])
    assert part(seen[SECOND], "payment").tolist() == pytest.approx([-0.25])
    assert part(seen[FIRST], "free").tolist() == pytest.approx([0.9995])
    assert part(seen[FIRST], "half-hour") == pytest.approx([0.0, -1.0], abs=1e-6)
    assert part(seen[FIRST], "authority").tolist() == [0.0]
    for name in env.agents:
        assert env.observation_space(name).contains(seen[name])


def test_ranks_are_seen_from_one_for_the_first_to_nothing_for_the_last():
    env = small_env(mechanism="rps")
    seen, _ = env.reset()

    seen, *_ = env.step(truths(env, seen))

    assert env.layout.part(seen[FIRST], "bids")[0].tolist() == [[0.0, 0.5, 1.0]]


@pytest.mark.parametrize("mechanism", ["hco", "rps"])
@pytest.mark.parametrize("horizon", [1, 2])
def test_an_agent_that_tells_the_truth_earns_what_truthful_does(horizon, mechanism):
    scenario = small_scenario(mechanisms=(mechanism,)).with_changes("market", horizon=horizon)
    seen = small_study()
    agreed = terms(scenario, seen, mechanism)
    case = Case.of(seen, PAIR)
    out = play(scenario, {PAIR: case}, [Run(mechanism, PAIR, ("truthful", "shaded"))], agreed)
    worst = np.array(COSTS).max(-1).sum(-1)
    wanted = worst[0] - (out.cost_gbp[0, 0] + out.paid[0, 0] * 0.01).sum()
    env = NegotiationEnv(case, agreed, opponents={SECOND: "shaded"})

    observed, _ = env.reset()
    total = 0.0
    while env.agents:
        observed, earned, *_ = env.step(truths(env, observed))
        total += earned[FIRST]

    assert total == pytest.approx(wanted)


def test_a_day_that_ends_within_a_session_is_padded():
    env = long_env(horizon=7)
    seen, _ = env.reset()
    sessions = 0
    while env.agents:
        agents = list(env.agents)
        seen, _, _, _, infos = env.step(truths(env, seen))
        sessions += 1

    assert sessions == 4
    assert infos[FIRST]["option"].shape == (3,)
    for name in agents:
        assert not env.layout.part(seen[name], "value").any()
        assert not env.layout.part(seen[name], "option")[3:].any()


def test_the_same_seed_is_the_same_episode_and_the_next_is_another():
    def bids(env, seed=None):
        seen, _ = env.reset(seed=seed)
        seen, *_ = env.step(truths(env, seen))
        return env.layout.part(seen[FIRST], "bids").tolist()

    first, second = (small_env(opponents={SECOND: "random"}) for _ in range(2))
    start = bids(first)

    assert bids(second) == start
    assert bids(first) != start
    assert bids(first, seed=5) == bids(second, seed=5)
    other = small_env(opponents={SECOND: "random"}, seed=1)
    assert bids(other) != start


def test_actions_are_kept_within_their_space():
    env = small_env(opponents={SECOND: "indifferent"})
    env.reset()

    _, _, _, _, infos = env.step({FIRST: [-1.0, 9.0, 0.0]})

    assert infos[FIRST]["option"].tolist() == [1]
    assert infos[FIRST]["payment_gbp"].tolist() == pytest.approx([10.0])  # twice 5


def test_penalties_are_part_of_the_payment_and_of_the_reward():
    agreed = replace(small_env().agreed, bond=300)
    case = small_env().case
    env = NegotiationEnv(case, agreed, opponents={SECOND: "withholder"})
    env.reset()

    _, earned, _, _, infos = env.step({FIRST: [1.0, 0.0, 0.0]})

    assert infos[FIRST]["option"].tolist() == [0]
    paid = infos[FIRST]["payment_gbp"][0]
    assert earned[FIRST] == pytest.approx(5.0 - NO_LINK[0][0] - paid)
    assert paid < 2.5, "the other lost its bond to it"


@pytest.mark.parametrize("action", [[np.nan, 0.0, 0.0], [0.0, np.inf, 0.0]])
def test_what_is_not_a_number_is_refused(action):
    env = small_env(opponents={SECOND: "truthful"})
    env.reset()

    with pytest.raises(ValueError, match="not a number"):
        env.step({FIRST: action})


def test_a_step_before_the_start_is_refused():
    with pytest.raises(ValueError, match="reset comes first"):
        small_env().step({})


def test_an_unknown_party_is_refused():
    with pytest.raises(Unknown, match="unknown party 'network-3', did you mean"):
        small_env(opponents={"network-3": "truthful"})


def test_a_party_to_which_all_is_the_same_can_learn_too():
    env = small_env(costs=[[[1.0, 1.0, 1.0]] * 2, COSTS[1]])
    seen, _ = env.reset()

    assert np.isfinite(seen[FIRST]).all()
    assert env.scale_gbp[FIRST] == 1.0


def test_an_environment_is_made_of_a_scenario(tmp_path):
    scenario = write_scenario(tmp_path)

    env = environment(str(scenario), opponents={FIRST: "noise(truthful)"})
    seen, _ = env.reset()

    assert env.possible_agents == [SECOND]
    assert env.agreed.mechanism == "hco"
    assert env.layout.part(seen[SECOND], "value").shape == (1, 3)
    assert environment(str(scenario), "rps").agreed.mechanism == "rps"


def test_a_bandit_learns_to_offer_less_than_the_truth():
    like = [[[0.0, 4.0, 10.0]] * 4, [[0.0, 5.0, 10.0]] * 4]
    env = small_env(costs=like, opponents={SECOND: "truthful"})

    found = train(env, FIRST, episodes=30)

    assert found.trained_gbp > found.truthful_gbp
    assert found.share < 1.0
    assert found.share == SHARES[found.mean.argmax()]
    assert train(env, FIRST, episodes=30).mean.tolist() == found.mean.tolist()


def test_the_example_tells_what_was_learnt(monkeypatch, capsys):
    like = [[[0.0, 4.0, 10.0]] * 4, [[0.0, 5.0, 10.0]] * 4]
    env = small_env(costs=like, opponents={SECOND: "truthful"})
    monkeypatch.setattr("experiments.examples.train_bandit.environment", lambda *_, **__: env)

    main()

    told = capsys.readouterr().out
    assert "network-1 earns GBP 40.00 an episode with the truth" in told
    assert "and GBP 80.00 with 0% of it" in told  # it gets what the other would pay
