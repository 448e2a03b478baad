"""The peers of `benchmarks.expr`: the same rules for zen-engine, rule-engine and cel-python, as each reads them best.

A situation is a dict of Python values, None where unknown. Where a peer refuses to compare an unknown value, the rule
guards itself. A peer answers pass or fail for each rule; `zen_codes` also says where a rule fails first and whether
for want of a value, which is what `expr.Rules` answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import celpy
import rule_engine
import zen
from benchmarks.workload import Rule, Test

Situation = dict[str, Any]
Peer = Callable[[Situation], list[Any]]


def key(feature: int) -> str:
    """A feature's name in the peers' situations."""
    return f"f{feature:02d}"


def zen_table(rules: list[Rule]) -> Peer:
    """A decision table that collects the numbers of the rules that hold."""
    fields = sorted({test.feature for rule in rules for test in rule.tests})
    rows = [
        {"_id": str(number), "out": str(number), **{key(test.feature): _cell(test) for test in rule.tests}}
        for number, rule in enumerate(rules)
    ]
    content = {
        "hitPolicy": "collect", "rules": rows, "outputs": [{"id": "out", "name": "out", "field": "rule"}],
        "inputs": [{"id": key(f), "name": key(f), "field": key(f)} for f in fields],
    }  # fmt: skip
    nodes = [
        _node("in", "inputNode"), {**_node("table", "decisionTableNode"), "content": content},
        _node("out", "outputNode"),
    ]  # fmt: skip
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table"}, {"id": "2", "sourceId": "table", "targetId": "out"},
    ]  # fmt: skip
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def ask(situation: Situation) -> list[bool]:
        holds = [False] * len(rules)
        for hit in decision.evaluate(situation)["result"]:
            holds[hit["rule"]] = True
        return holds

    return ask


def zen_list(rules: list[Rule]) -> Peer:
    """One compiled expression that is the list of all rules."""
    return _compiled([" and ".join(map(_zen, rule.tests)) for rule in rules])


def zen_codes(rules: list[Rule]) -> Peer:
    """One compiled expression that is the list of all rules' codes."""
    return _compiled([_zen_code(rule) for rule in rules])


def rule_engine_rules(rules: list[Rule]) -> Peer:
    """A rule-engine rule each."""
    made = [rule_engine.Rule(" and ".join(map(_rule_engine, rule.tests))) for rule in rules]
    return lambda situation: [rule.matches(situation) for rule in made]


def cel(rules: list[Rule]) -> Peer:
    """A CEL program each, on a map that lacks what is unknown."""
    environment = celpy.Environment()
    programs = [
        environment.program(environment.compile(" && ".join(map(_cel, rule.tests)))) for rule in rules
    ]

    def ask(situation: Situation) -> list[bool]:
        known = {name: value for name, value in situation.items() if value is not None}
        activation = {"s": celpy.json_to_cel(known)}
        return [bool(program.evaluate(activation)) for program in programs]

    return ask


def _compiled(parts: list[str]) -> Peer:
    expression = zen.compile_expression(f"[{', '.join(parts)}]")
    return lambda situation: list(expression.evaluate(situation))


def _node(name: str, kind: str) -> dict[str, Any]:
    return {"id": name, "type": kind, "name": name, "position": {"x": 0, "y": 0}}


def _cell(test: Test) -> str:
    if test.operator == "between":
        return f"[{test.constants[0]}..{test.constants[1]}]"
    if test.operator == "in":
        return ", ".join(map(json.dumps, test.constants))
    return "true" if test.operator == "is" else f"{test.operator} {test.constants[0]}"


def _zen(test: Test) -> str:
    name = key(test.feature)
    known = _zen_known(test)
    return known if test.operator in ("is", "in") else f"{name} != null and {known}"


def _zen_known(test: Test) -> str:
    name = key(test.feature)
    if test.operator == "between":
        return f"{name} in [{test.constants[0]}..{test.constants[1]}]"
    if test.operator == "in":
        return f"{name} in [{_listed(test)}]"
    return f"{name} == true" if test.operator == "is" else f"{name} {test.operator} {test.constants[0]}"


def _zen_code(rule: Rule) -> str:
    code = "255"
    for position, test in reversed(list(enumerate(rule.tests))):
        code = f"({key(test.feature)} == null ? {2 * position + 1} : ({_zen_known(test)} ? {code} : {2 * position}))"
    return code


def _rule_engine(test: Test) -> str:
    name, (low, high) = (
        key(test.feature),
        (test.constants[0], test.constants[-1]) if test.constants else ("", ""),
    )
    if test.operator == "between":
        return f"{name} != null and {name} >= {low} and {name} <= {high}"
    if test.operator == "in":
        return f"{name} in [{_listed(test)}]"
    return f"{name} == true" if test.operator == "is" else f"{name} != null and {name} {test.operator} {low}"


def _cel(test: Test) -> str:
    name = f"s.{key(test.feature)}"
    if test.operator == "between":
        holds = f"{name} >= {test.constants[0]} && {name} <= {test.constants[1]}"
    elif test.operator == "in":
        holds = f"{name} in [{_listed(test)}]"
    else:
        holds = name if test.operator == "is" else f"{name} {test.operator} {test.constants[0]}"
    return f"has({name}) && {holds}"


def _listed(test: Test) -> str:
    return ", ".join(map(json.dumps, test.constants))
