"""What package managers print while they resolve, fetch and unpack without trouble."""

from __future__ import annotations

from headroom_wrap.compressors._labels import QUIET
from headroom_wrap.compressors._steps import Step

_FETCHED = "download|downloads"
_UNPACKED = "unpacked|unpacked"
_HAD = "already installed|already installed"
_INSTALLED = "installed|installed"
_PROGRESS = "line of progress|lines of progress"

INSTALL = (
    # apt-get -s: what it would do
    Step(
        "to be installed|to be installed",
        r"Inst (?P<name>[\w.+:-]+) (?:\[\S+\] )?\((?P<version>\S+) [^()]*\)(?: \[.*\])?$",
    ),
    Step("to be configured|to be configured", r"Conf [\w.+:-]+ \(\S+ [^()]*\)(?: \[.*\])?$"),
    # pip, uv, poetry, pipx
    Step(
        _HAD,
        r"Requirement already (?:satisfied"
        r"|up-to-date): (?P<name>[\w.-]+)\S*(?: in \S+)?(?: \(from .*?\))?(?:"
        r" \((?P<version>[\d][\w.+!-]*)\))?\s*$",
    ),
    Step(
        _FETCHED,
        r"(?:  )?(?:Downloading|Using cached|Obtaining dependency information for"
        r"|Fetching|Processing) \S+.*$",
    ),
    Step("requirement|requirements", r"(?:  )?Collecting \S+.*$"),
    Step(
        _PROGRESS,
        r" *\|?[━╸╺─█▏▎▍▌▋▊▉#=>.-]{5,}\|? +[\d.]+(?:/[\d.]+)? ?(?:%|[kKMG]?i?B\b|bytes).*$"
        r"|  (?:Preparing metadata|Building wheel|Building editable|Getting requirements"
        r"|Installing build dependencies|Installing backend dependencies"
        r"|Checking if build backend|Created wheel|Stored in directory|Running setup\.py"
        r"|Encountered uninstalling|Link requires).*(?<!error)(?<!failed)$"
        r"|Building wheels for collected packages: .*$|(?:  )?Installing collected packages: .*$"
        r"|(?:  )?Looking in (?:indexes|links): .*$|  (?:Attempting uninstall"
        r"|Found existing installation|Uninstalling .*|    Successfully uninstalled .*)$"
        r"|INFO: pip is looking at multiple versions .*$",
    ),
    # pip -v: what setuptools and its like do, and what is looked up
    Step(
        "packaging step|packaging steps",
        r" {0,4}(?:(?:copying|hard linking) \S+ -> \S+|adding (?:'[^']+'|license file .*)"
        r"|creating '?/?[\w./-]+'?|running \w+|writing (?:\S+|.* to \S+|manifest file \S+)"
        r"|reading manifest (?:file|template) \S+|installing to \S+|byte-compiling .*"
        r"|removing \S+ .*|Copying \S+ to \S+|running \S+ -m \S+)$|  Running command .*$",
    ),
    Step(
        _PROGRESS,
        r" *(?:Skipping link: .*|Found link \S+.*|Fetching page \S+|Fetched page \S+.*"
        r"|Getting page \S+|Looking up \S+ in the cache|Response from cache.*|Given no hashes.*"
        r"|Updating cache with response .*|Starting new HTTPS? connection .*|Current age .*"
        r"|(?:Added|Removed) \S+.* (?:to|from) build tracker.*|Create[ds]? (?:temporary|build) .*"
        r"|(?:Initialized|Entered|Enter|Exited|Created) build track.*"
        r"|\S+ \"GET \S+ HTTP/1\.1\" 200 .*"
        r"|Removing source in .*|Cleaning up\.\.\..*|No cache entry available|Parsing \S+.*)$",
    ),
    Step(
        _INSTALLED,
        r" +[-•] (?:Installing|Updating|Upgrading) (?P<name>[\w.-]+)"
        r" \((?P<version>[^()]*)\)(?:: [\w .]*)?$",
    ),
    Step(
        _PROGRESS,
        r" +(?:Downloading|Building|Built|Preparing|Downloaded) \S+(?: \(.*\)| @ .*| ==.*)?$"
        r"|Resolving dependencies\.*.*$",
    ),
    # npm, yarn, pnpm, bun
    Step(
        _FETCHED,
        r"npm (?:http|sill|verb|timing|info|silly|verbose) .*$|npm http (?:fetch|cache) .*$",
    ),
    Step(
        _PROGRESS,
        r"Progress: resolved \d+, .*$|\[\d/\d\] (?:Resolving|Fetching|Linking|Building"
        r"|Validating).*$|➤ YN00(?:00|13|19): .*$|\S+ (?:preinstall|install|postinstall"
        r"|prepare)\$? .*(?:Done|: Running).*$|info (?:No lockfile found|Direct dependencies"
        r"|All dependencies|fsevents.*)\.?$|Packages are (?:hard linked|copied) from .*$"
        r"|\+{8,}-*$|  (?:Content-addressable|Virtual) store is at: .*$",
    ),
    Step(_INSTALLED, r"[├└]─{1,2} (?P<name>@?[\w./-]+)@(?P<version>\d\S*)$"),
    # apt, dpkg
    Step(_FETCHED, r"(?:Get|Hit|Ign):\d+ \S+ .*$|Fetched \S+ \w+ in .*$"),
    Step(_INSTALLED, r"Setting up (?P<name>[\w.+:-]+) \((?P<version>[^()\s]+)\) \.{3}$"),
    Step(
        _UNPACKED,
        r"(?:Selecting previously unselected package|Preparing to unpack|Unpacking) .*$",
    ),
    Step(
        _PROGRESS,
        r"\(Reading database .*$|Reading (?:package lists|state information"
        r"|extended state information)\.{3}.*$|Building dependency tree.*$"
        r"|Processing triggers for .*$|Progress: \[ *\d+%\].*$"
        r"|Extracting templates from packages.*$|debconf: delaying package configuration.*$"
        r"|update-alternatives: using .*$|Created symlink .*$|Initializing package states.*$"
        r"|After this operation, .*$|Preconfiguring packages.*$",
    ),
    # apk, dnf, pacman
    Step(
        _INSTALLED,
        r"\(\d+/\d+\) (?:Installing|Upgrading) (?P<name>[\w.+-]+) \((?P<version>[^()]+)\)$",
    ),
    Step(_FETCHED, r"fetch \S+APKINDEX\S*$|\(\d+/\d+\): \S+\.rpm .*$"),
    Step(_INSTALLED, r"  (?:Installing|Upgrading|Reinstalling) +: (?P<name>\S+) +\d+/\d+ *$"),
    Step(
        _PROGRESS,
        r"  (?:Verifying|Running scriptlet|Preparing|Cleanup|Running transaction) *: .*$"
        r"|Executing \S+\.(?:post-\w+|trigger)$",
    ),
    # cargo, gem, bundler, composer, go
    Step(_FETCHED, r" +Downloaded (?P<name>\S+) (?P<version>v\S+)(?: \(.*\))?$"),
    Step(
        _FETCHED,
        r" +Downloading (?:crates|\d+ crates?) ?\.*.*$|go: downloading \S+ v\S+$"
        r"|Fetching (?:gem metadata|source index|\S+-\d).*$|Fetching \S+ \d\S*$"
        r"| +Updating (?:crates\.io|git|`).*index.*$",
    ),
    Step("locked|locked", r" +(?:Adding|Locking) (?P<name>\S+) (?P<version>v\d\S*)$"),
    Step(_HAD, r"Using (?P<name>\S+) (?P<version>\d\S*)(?: from .*)?$"),
    Step(
        _INSTALLED,
        r"Installing (?P<name>[\w.-]+) (?P<version>\d\S*)(?: with native extensions)?$",
    ),
    Step(_INSTALLED, r"  - Installing (?P<name>\S+/\S+) \((?P<version>[^()]+)\): .*$"),
    Step(_FETCHED, r"  - Downloading \S+/\S+ \(.*\)$|  - Locking \S+/\S+ \(.*\)$"),
    Step(
        "documentation line|documentation lines",
        r"(?:Parsing|Installing ri|Done installing) documentation for .*$",
    ),
    # brew, conda
    Step(
        _FETCHED,
        r"==> (?:Downloading|Fetching|Pouring|Verifying) .*$|Already downloaded: .*$",
    ),
    Step(
        _PROGRESS,
        r"(?:Collecting package metadata|Solving environment|Preparing transaction"
        r"|Verifying transaction|Executing transaction)[^:]*: (?:[-\\|/] ?|\x08)*(?:done)?$"
        r"|\S+ +\| [\d.]+ [KMG]?B +\| .*$|Downloading and Extracting Packages.*$",
    ),
    # docker pull
    Step(
        "layer line|layer lines",
        r" ?[0-9a-f]{12}: (?:Pulling fs layer|Waiting|Downloading|Verifying Checksum"
        r"|Download complete|Extracting|Pull complete|Already exists|Pushed|Preparing"
        r"|Layer already exists|Mounted from).*$",
    ),
    # Maven, Gradle
    Step(
        _FETCHED,
        r"(?:\[INFO\] )?(?:Downloading|Downloaded)(?: from \S+)?: \S+.*$"
        r"|Progress \(\d+\): .*$|Download https?://\S+$",
    ),
    Step(QUIET, r"Selecting previously unselected package .*$"),
)
