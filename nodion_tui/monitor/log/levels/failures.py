"""Messages of common toolchains that report a failure without a logger's level.

Each pattern has a literal that every line it matches contains, in lower case: most lines contain
none and cost a few searches for a literal, in a line here as in a whole segment (`candidates`).
"""

import re
from functools import cache

_NONZERO = r"[1-9]\d*"
_NOT_NOTHING = r"(?!(?:none|null|nil|no|0|false|undefined|ok|n/a|-)[\s,;.)]*$|\d*\.\d)"
"""`error: none` is no error, and `mean error: 0.12` a measure."""

_TIMED_TEST = r"\S.*[ ]\(?\d+(?:\.\d+)?[ ]?m?s\)?$"
"""A test with its time, as Jest and Vitest print it: `adds (5 ms)`, `adds 3ms`."""

_AT_START: dict[str, str] = {
    "err": rf"""(?:\w+\.)*\w*Interrupt(?::[ ]|$) | npm[ ]error\b(?!:[ ]none)
        | (?:npm[ ]|gyp[ ])?ERR![ ]
        | \#\#\[error\] | ::error[ :] | \#\#vso\[task\.logissue[ ][^\]]*type=error
        | [Ee]rror[ ](?:from|response|in|occurred|opening|loading|while|during|reading)\b
        | docker:[ ]Error[ ] | dpkg:[ ]error[ ]processing[ ] | error[ ]{{2}}in[ ]\S
        | Error[ ]\[\w+\]: | error[ ][A-Z]\w*[ '] | CMake[ ]Error\b
        | ERR_PNPM_ | =+(?:ERROR|CRASH)[ ]REPORT | ==\d+==[ ]?ERROR: | INTERNALERROR> | ERROR!
        | (?:[\w$]+(?:\.|::))*[\w$]*(?:Error|Errno)(?:[ ]\[\w+\])?
            (?::(?!\s*(?:0|none|null)\b|\w)|[ ]\(.*\):$|$)
        | (?:[\w$-]+\.)+errors?\.[A-Z]\w*(?::[ ]|$)
        | Found[ ]{_NONZERO}[ ]errors?\b | An[ ]error[ ]occurred\b
        | (?:Parse|Runtime|Syntax)[ ]error[ ](?:near|at|on)[ ]
        | {_NONZERO}[ ](?:[Ee]rror\(s\)|errors?(?:[ ](?:generated|found|in)\b|,[ ]|\.?$))
        | (?:[✖✗×✘][ ])?{_NONZERO}[ ]problems?[ ]\({_NONZERO}[ ]error | [Ee]rror(?:[ ]-|!)[ ]
        | \S+[ ](?:[\d.]+[ ])?compiled[ ]with[ ]{_NONZERO}[ ]error
        | \d+:\d+[ ]+error[ ]{{2}} | !+[ ]Interrupted: | =+[ ](?:.*[ ])?{_NONZERO}[ ]errors?\b.*=$
        | \S+::\S.*[ ]ERROR(?:[ ]|$) | ==[ ]Compilation[ ]error
        | (?:(?!(?:on|for|no|if|each|any|without|ignore|retry|per|max)\b)\w+[ ]){{1,2}}[Ee]rror:[ ]
            {_NOT_NOTHING}
        | \(node:\d+\)[ ]UnhandledPromiseRejectionWarning:[ ]
        | [+└][-─]+[ ].*[ ]{_NONZERO}[ ]errors?$ | ──+[ ]Error[ ]\(
        | \*[ ]checking[ ].*[ ]\.\.\.[ ]ERROR$""",
    "fail": rf"""FAIL(?:ED)?(?:[ ]\(|:?[ ]+(?!=|\(?(?:0|none|no)\b)|\t|$) | -+[ ]FAIL:
        | (?:BUILD|Build|Compilation)[ ](?:FAILED|FAILURE|failed)\b | FAILURES?[:!]
        | Finished:[ ]FAILURE | \[[ ]*FAIL(?:ED)?[ ]*\][ ] | //\S+[ ]+FAILED[ ]
        | >?[ ]?Task[ ]:\S+[ ]FAILED | failed:[ ]\[ | \S+[ ]+:[ ]ok=\d+.*[ ]failed={_NONZERO}
        | Failed[ ](?:to|at)[ ]\w | test[ ].*[ ]\.\.\.[ ]FAILED$ | test[ ]result:[ ]FAILED
        | \S+::\S.*[ ]FAILED(?:[ ]|$) | =+[ ](?:.*[ ])?{_NONZERO}[ ]failed\b.*=$
        | Test(?:s|[ ]Suites|[ ]Files):?\s+{_NONZERO}[ ]failed | {_NONZERO}[ ]fail(?:ing|ed|ures?)?$
        | Tests[ ]run:[ ]\d+,[ ](?:Failures:[ ]{_NONZERO}|Failures:[ ]0,[ ]Errors:[ ]{_NONZERO})
        | Tests:[ ]\d+,.*\b(?:Failures|Errors):[ ]{_NONZERO}
        | \d+[ ](?:examples?|tests?|runs?|doctests?),.*\b{_NONZERO}[ ](?:failures?|errors?)\b
        | \#\#teamcity\[testFailed | ninja:[ ]build[ ]stopped: | ELIFECYCLE\b
        | Execution[ ]failed[ ]for[ ] | [\w.-]+:[ ]failed[ ]to[ ]
        | Job[ ]for[ ]\S+[ ]failed
        | Back-off[ ]restarting[ ]failed | Failed:[ ]{_NOT_NOTHING}
        | \[[ ]*\d+%\][ ]FAILED:[ ]
        | [✖×✕✘✗⨯][ ]+(?:{_NONZERO}[ ]tests?[ ])?[Ff]ailed[ ]*(?:to[ ]|$)
        | (?:[✖×✕✘✗⨯][ ]+)?(?!(?:0|no|No|none)[ ])(?:[\w'./-]+[ ]){{1,4}}failed
            (?:[.!]?$|[.!][ ]|[ ]with[ ]|[ ]in[ ]\d|:[ ](?!(?:0|none|no|false|null)\b))
        | (?:\S+[ ]){{1,6}}FAILED[.!:]?$ | [\w@./-]+[ ][\w:-]+:[ ]Failed$
        | ❯[ ]\S+[ ]+\(\d+[ ]tests?[ ]\|.*\b{_NONZERO}[ ]failed\b
        | ●[ ]Test[ ]suite[ ]failed[ ]to[ ]run | ⎯+[ ]Failed[ ](?:Tests|Suites)[ ]
        | Build[ ]Summary:[ ].*\b{_NONZERO}[ ]failed\b | [+└][-─]+[ ].*[ ]{_NONZERO}[ ]failed$
        | \d+/\d+[ ]\S+?\.\.\.FAIL[ ]\( | \d+[ ]passed;[ ].*\b{_NONZERO}[ ]failed\b
        | ──+[ ]Failure[ ]\(""",
    "fatal": rf"fatal:[ ]{_NOT_NOTHING} | FATAL[ ]ERROR: | \#[ ]A[ ]fatal[ ]error",
    "panic": rf"""panic:[ ]{_NOT_NOTHING} | thread[ ]'.*'[ ](?:\(\d+\)[ ])?panicked[ ]at[ ]
        | thread[ ]\d+[ ]panic:""",
    "exc": r"""\*\*\*[ ]Exception:[ ] | Exception[ ]in[ ]thread[ ] | Unhandled[ ]exception\b
        | (?:\w+\.)+exc(?:eptions?)?\.[A-Z]\w*(?::[ ]|$) | Floating[ ]point[ ]exception
        | (?:[\w$]+\.)*[\w$]*Exception(?:Group)?(?::(?!\w)|$) | .*\bUncaught[ ](?:\w+)?Exception""",
    "traceback": r"(?:\+[ ]Exception[ ]Group[ ])?Traceback[ ]\(most[ ]recent[ ]call[ ]last\)",
    "timeoutexpired": r"(?:\w+\.)*TimeoutExpired:",
    ".go:": r"[\w./-]+\.go:\d+:\d+:[ ]\S",
    "caused by": r"Caused[ ]by(?::|[ ]error[ ])",
    "execution halted": r"Execution[ ]halted$",
    "›": r"●[ ]\S.*[ ]›[ ]\S",
    "✕": rf"✕[ ]{_TIMED_TEST}",
    "×": rf"×[ ]{_TIMED_TEST}",
    "threshold": r"Jest:[ ].*[ ]threshold[ ]for[ ].*[ ]not[ ]met\b",
    "uncaught": r"Uncaught\b",
    "unhandled": rf"""Unhandled\b | \[UnhandledPromise | ⎯+[ ]Unhandled[ ]
        | Vitest[ ]caught[ ]{_NONZERO}[ ]unhandled[ ]errors?\b""",
    "goroutine ": r"goroutine[ ]\d+[ ](?:\w+=\S+[ ])*\[running",
    "killed": r"Killed(?::[ ]\d+)?(?:$|[ ]{2,})|.*\bOut[ ]of[ ]memory:[ ]Killed",
    "terminate": r"Terminated$|terminate[ ]called[ ]",
    "**": r"\*\*[ ]\((?:\w[\w.]*\)|EXIT[ ]from)|\*\*\*[ ]stack[ ]smashing|\*\*[ ]\w+[ ]FAILED",
    "abort": r"SIGABRT:|Aborted\b|Abort[ ]trap|rake[ ]aborted!",
    "segmentation": r"Segmentation[ ]fault|SIGSEGV:",
    "bus error": r"Bus[ ]error",
    "illegal instr": r"Illegal[ ]instruction",
    "not ok ": r"not[ ]ok[ ]\d+(?!.*\#[ ]?(?:TODO|SKIP|todo|skip))",
    "[rejected]": r"![ ]\[(?:remote[ ])?rejected\]",
    "conflict (": r"CONFLICT[ ]\(",
    "exit": rf"""exit[ ]status[ ]{_NONZERO} | exit[ ]code:?[ ]{_NONZERO}$ | Exited[ ]\({_NONZERO}\)
        | (?:\w+\.)*SystemExit:[ ]{_NOT_NOTHING}""",
    "connect to ": r"(?:Cannot|Could[ ]not|Unable[ ]to)[ ]connect[ ]to[ ]",
    "❌": r"❌",
    "ora-": r"ORA-\d{5}:[ ]",
    "signal: ": r"signal:[ ](?:killed|segmentation[ ]fault|aborted|terminated)",
    "notfound": r"(?:[A-Z]\w*::)+\w*NotFound(?::[ ]|[ ]\(.*\):?$)",
    "curl: (": r"curl:[ ]\(\d+\)",
}
_ANYWHERE: dict[str, str] = {
    "not found": r"command[ ]not[ ]found(?:$|:[ ])|^\S*sh:[ ](?:.*:[ ])not[ ]found$",
    "no such file": r":[ ][Nn]o[ ]such[ ]file[ ]or[ ]directory\b",
    "denied": r""":[ ]Permission[ ]denied\b | Permission[ ]denied[ ]\( | ^Access[ ]is[ ]denied
        | Access[ ]denied[ ]for[ ]user""",
    "refused": r":[ ][Cc]onnection[ ]refused\.?$|was[ ]refused[ ]-[ ]did[ ]you",
    "not recognized": r"is[ ]not[ ]recognized[ ]as[ ](?:an[ ]internal|a[ ]name|the[ ]name)",
    "system cannot": r"^The[ ]system[ ]cannot[ ]find[ ]the[ ]",
    "undefined reference": r"undefined[ ]reference[ ]to[ ]",
    "dumped": r"\(core[ ]dumped\)|dumped[ ]core\b",
    "segfault": r"[ ]segfault[ ]at[ ]",
    "killed": r"line[ ]\d+:[ ]+\d+[ ]Killed|OOMKilled",
    "segmentation": r"[ ][Ss]egmentation[ ]fault",
    "exit": rf"""\b(?:exited|failed|terminated|completed|finished|ended)[ ]with[ ]
            (?:a[ ])?(?:non-?zero[ ])?(?:exit[ ])?(?:code|status)[ :=]*{_NONZERO}
        | successfully:[ ]exit[ ]code:[ ]{_NONZERO} | :[ ]exit[ ]status[ ]{_NONZERO}
        | \bexited,[ ]code=\w+,[ ]status={_NONZERO}/""",
    "unbound variable": r":[ ]unbound[ ]variable$",
    "not set": r":[ ]parameter[ ](?:null[ ]or[ ])?not[ ]set$",
    "unable to resolve": r":[ ]unable[ ]to[ ]resolve[ ]host[ ]",
    "no space left": r":[ ]No[ ]space[ ]left[ ]on[ ]device",
    "backoff": r"CrashLoopBackOff|ImagePullBackOff",
    "**": r"make(?:\.exe)?(?:\[\d+\])?:[ ]\*\*\*",
    "abort": r"line[ ]\d+:[ ]+\d+[ ]Aborted",
    "err": r"""^\S+:\d+:in[ ].*\((?:\w+::)*\w*Error\)$ | ^\S+:\d+:in[ ].*:[ ].*\(RuntimeError\)
        | \#\#teamcity\[.*status='ERROR' | [ ]failed[ ]with[ ]error:[ ]
        | (?:^|[ ])syntax[ ]error\b[ ](?:near|at|before)\b | exec[ ]format[ ]error$""",
    "exc": r"\+[ ]CategoryInfo[ ]+:",
    "fail": rf""":[ ]Failed[ ]with[ ]result[ ] | [ ]:[ ]ok=\d+.*[ ]unreachable={_NONZERO}
        | \*\*\*Failed | Assertion[ ].+[ ]failed\b | [Aa]ssertion[ ]failed\b
        | \#\#teamcity\[.*status='FAILURE'""",
}
_WARNINGS: dict[str, str] = {
    "warn": r"""npm[ ](?:warn\b|WARN) | \#\#\[warning\] | ::warning[ :] | CMake[ ]Warning\b
        | .*\b\w*Warning:[ ] | Warning[ ]{2,}\w | [1-9]\d*[ ]warnings?[ ]generated
        | warning[ ](?:"|\S+[ ]>[ ]|\S+@\d|\S+:[ ]\S) | Warning[ ]messages?:$
        | \d+:\d+[ ]+warning[ ]{2}
        | \#\#vso\[task\.logissue[ ][^\]]*type=warning | =+[ ].*\b[1-9]\d*[ ]warnings?\b.*=$
        | [✖✗×✘][ ][1-9]\d*[ ]problems?[ ]\(0[ ]errors""",
    "⚠": r"⚠",
    "deprecated": r"(?:PHP[ ])?Deprecated:[ ]",
}


FAILURE_LITERALS = frozenset((*_AT_START, *_ANYWHERE))
"""Every line that reports a failure contains one of these, in lower case."""


def begins_with_failure(head: str, lower: str, content: int) -> bool:
    """Whether the words of a line, from offset `content` on, begin as a failure's do.

    Args:
        head: the beginning of the line.
        lower: the same in lower case.
        content: offset of its first word.
    """
    return _any_match(_AT_START, head, lower, content)


def begins_with_warning(head: str, lower: str, content: int) -> bool:
    """As `begins_with_failure`, for warnings."""
    return _any_match(_WARNINGS, head, lower, content)


def contains_failure(head: str, lower: str) -> bool:
    """Whether a line reports a failure anywhere."""
    return any(
        literal in lower and _compiled(pattern).search(head)
        for literal, pattern in _ANYWHERE.items()
    )


def _any_match(table: dict[str, str], head: str, lower: str, content: int) -> bool:
    return any(
        literal in lower and _compiled(pattern).match(head, content)
        for literal, pattern in table.items()
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled when a line first needs it: all of them would delay the start by 9 ms."""
    return re.compile(pattern, re.VERBOSE)
