"""Judge: the commands that ask a document a question and open no store."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Annotated, Any

from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import Folder, Json
from troth.document import read
from troth.kernel import Proof, prove_one
from troth.kernel import explain as explained
from troth.laws import packs
from troth.policy import DocumentBroken, errors, parse
from troth.policy import check as check_policy
from troth.policy.examples import Example, read_examples
from troth.policy.model import Claim
from troth.runtime import Loaded, insist, load, now
from troth.terms import Action, Form, Place, Problem, Request, State, TrothError

_REQUEST = {"action", "data", "purpose", "party", "field", "member", "source", "form", "state", "at"}
_STATE = {"consents", "objections", "restricted", "facts", "age", "notice", "order"}


class BadLine(TrothError):
    """A line of input that is no request."""


def app(root: App) -> None:
    """Add these commands."""
    for command in (check, prove, decide, explain):
        root.command(command)


def check(directory: Folder, /, *, advice: bool = True, json: Json = False) -> int:
    """Check a company's folder: the document, its proofs, its examples, and all that is served under it.

    Finds everything at once; exit code 1 when something is an error or missing.

    Example: `troth check companies/club`

    Parameters
    ----------
    advice
        also list what is only worth knowing
    """
    try:
        problems = load(directory).problems
    except DocumentBroken as broken:
        problems = broken.problems
    shown = [p for p in problems if advice or p.level != "advice"]
    wrong = [p for p in problems if p.level != "advice"]
    if json:
        say.as_json([say.problem(p) for p in shown])
    else:
        for p in shown:
            print(p if p.level == "error" else f"{p}  ({p.level})")
        print(f"{directory}: {len(wrong)} to mend, {len(problems) - len(wrong)} worth knowing")
    return int(bool(wrong))


def prove(
    directory: Folder,
    promise: Annotated[
        str, Parameter(help="a promise to settle, written or not: 'never share contact'")
    ] = "",
    /,
    *,
    json: Json = False,
) -> int:
    """Settle every promise of a document over all situations, or one that is asked.

    Exit code 1 when a promise does not hold; then a person and a day are named for which it fails.

    Example: `troth prove companies/club 'never use contact for suggestions'`
    """
    loaded = load(directory)
    proofs = (prove_one(loaded.kernel, claim_of(loaded, promise)),) if promise else loaded.proofs
    if json:
        say.as_json([_settled(proof) for proof in proofs])
    else:
        print("\n".join(map(str, proofs)))
    return int(any(proof.holds is False for proof in proofs))


def claim_of(loaded: Loaded, promise: str) -> Claim:
    """Read a promise as a rule of the document it is asked of; raise ``BadLine`` for another rule."""
    folder = loaded.folder
    asked = f"{folder.text}\n\n## asked\n\n```troth\n{' '.join(promise.split())}\n```\n"
    try:
        policy = parse(asked, "asked", packs=packs())
    except DocumentBroken as broken:
        raise _bad(broken.problems[-1]) from None
    made = policy.statements[len(loaded.policy.statements) :]
    if len(made) != 1 or not isinstance(claim := made[0], Claim):
        raise BadLine("a promise begins with 'never' or 'always'")
    for problem in errors(check_policy(policy, read(asked, "asked"))):
        if problem.place.line == claim.place.line:  # of what is not declared every promise would hold
            raise _bad(problem)
    return claim


def _bad(problem: Problem) -> BadLine:
    return BadLine(f"{problem.message}\n  {problem.hint}" if problem.hint else problem.message)


def _settled(proof: Proof) -> dict[str, Any]:
    said = str(proof).partition("\n")[0]
    return {
        "said": said,
        "holds": proof.holds,
        "line": proof.claim.place.line,
        "witness": proof.witness,
        "clauses": [clause.ref for clause in proof.clauses],
    }


def decide(directory: Folder, /, *, json: Json = False) -> int:
    """Answer requests from standard input, one JSON object a line, with one JSON object a line.

    A request has action, data and purpose, and may have party, field, member, source, form, at, and state
    (consents, objections, restricted, facts, age, notice). Exit code 1 when a line could not be read.

    Example: `echo '{"action":"use","data":"contact","purpose":"news"}' | troth decide companies/club`
    """
    loaded = insist(load(directory))
    wrong = 0
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            try:
                request, state, at = read_line(line)
                answer = say.decision(loaded.kernel.decide(request, state, at))
            except BadLine as error:
                wrong, answer = 1, {"error": f"line {number}: {error}"}
            say.as_json(answer, lines=True)
    return wrong


def explain(
    directory: Folder,
    request: Annotated[str, Parameter(help="as in examples.md: 'share contact with roaster for news'")],
    /,
    *,
    given: Annotated[str, Parameter(help="what stands: 'consent news, fact active'")] = "",
    member: Annotated[str, Parameter(help="which one of an open class is meant")] = "",
    at: Annotated[str, Parameter(help="the moment, with its zone; now when left out")] = "",
    age: Annotated[int | None, Parameter(help="the person's age, when known")] = None,
    json: Json = False,
) -> int:
    """Say whether a touch is allowed, by which sentence, and what would turn a no into a yes.

    Exit code 1 when it is refused.

    Example: `troth explain companies/club 'use taste for offers' --given 'consent tasting'`
    """
    loaded = insist(load(directory))
    example = _asked(request, given, member, at or now().isoformat(), age)
    found = explained(loaded.kernel, example.request, example.state, example.at)
    answer = found.decision
    if json:
        say.as_json({**say.decision(answer), "candidates": list(found.candidates)})
        return int(not answer)
    told = say.decision(answer)
    print(answer)
    for clause in told["clauses"]:
        print(f"  §{clause['section']} {clause['title']} (line {clause['line']}): {clause['sentence']}")
    for missing in told["missing"]:
        print(f"  would help: {missing}")
    for duty in told["duties"]:
        print(f"  then: {duty}")
    return int(not answer)


def read_line(line: str) -> tuple[Request, State, datetime]:
    """Return the request, the state and the moment of one line of JSON; raise ``BadLine``.

    >>> read_line('{"action": "use", "data": "contact", "purpose": "news"}')[0].data
    'contact'
    """
    try:
        said: dict[str, Any] = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine("is no JSON") from None
    if not isinstance(said, dict) or not isinstance(state := said.get("state", {}), dict):
        raise BadLine("is no object")
    if odd := [*(set(said) - _REQUEST), *(set(state) - _STATE)]:
        raise BadLine(f"has '{sorted(odd)[0]}', which is not known")
    try:
        at = datetime.fromisoformat(said["at"]) if "at" in said else now()
        named = {k: str(v) for k, v in said.items() if k not in ("state", "at", "action", "form")}
        action, form = Action(said["action"]), Form(said.get("form", "identified"))
        return Request(action, form=form, **named), _state(state), at
    except (KeyError, ValueError, TypeError) as error:
        raise BadLine(f"cannot be read ({error})") from None


def _state(said: dict[str, Any]) -> State:
    sets = ("consents", "objections", "restricted", "facts")
    if any(not isinstance(said.get(name, []), list) for name in sets):
        raise BadLine("has a state that is no list of names")
    named = {name: frozenset(map(str, said.get(name, []))) for name in sets}
    age = said.get("age")
    notice = said.get("notice", True) is True
    return State(
        **named, age=int(age) if age is not None else None, notice=notice, order=tuple(said.get("order", ()))
    )


def _asked(request: str, given: str, member: str, at: str, age: int | None) -> Example:
    """Read the words of a request as ``examples.md`` would hold them."""
    rows = [request, f"at {at}", "expect allowed"]
    rows += [f"given {given}"] * bool(given) + [f"member {member}"] * bool(member)
    rows += [f"age {age}"] * (age is not None)
    text = "## asked\n```example\n" + "\n".join(" ".join(row.split()) for row in rows) + "\n```\n"
    examples, problems = read_examples(text, "asked")
    if problems or len(examples) != 1:
        first = problems[0] if problems else Problem(Place("asked", 1), "one request, please")
        raise BadLine(first.message + (f"\n  {first.hint}" if first.hint else ""))
    return examples[0]
