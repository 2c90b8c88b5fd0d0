"""The Dockerfile and compose.yaml, read: no engine is needed. The runtime packages are compared with the libraries
that the built binaries really load."""

import pathlib
import re
import shlex
import subprocess
import unittest

import yaml

ROOT = pathlib.Path(__file__).parent.parent.parent
SERVICES = ["organisation", "goals", "observations", "courses"]
# deploy/install brings these for development and for running on the machine itself.
NOT_FOR_BUILDING = {"ccache", "git", "ca-certificates", "redis-server", "jq", "openssl"}


def instructions(path):
    """The Dockerfile's instructions as (keyword, rest), continuation lines joined, comments left out."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def stages(path):
    """Stage name -> its instructions."""
    result, current = {}, None
    for keyword, rest in instructions(path):
        if keyword == "FROM":
            current = result.setdefault(rest.split(" AS ")[1], [])
        elif current is not None:
            current.append((keyword, rest))
    return result


def installed(stage):
    words = shlex.split(" ".join(rest for keyword, rest in stage if keyword == "RUN"))
    start = words.index("--no-install-recommends") + 1
    return set(words[start:words.index("&&", start)])


def dependencies(packages):
    """The packages and everything they need, by what is installed here."""
    known, new = set(), set(packages)
    while new:
        known |= new
        answer = subprocess.run(["dpkg-query", "-W", "-f", "${Depends}, ${Pre-Depends}, ", *sorted(new)],
                                capture_output=True, text=True, check=False).stdout
        names = {re.split(r"[ :(]", name.strip())[0] for name in re.split(r"[,|]", answer)}
        new = {name for name in names if name} - known
    return known


def libraries(binary):
    answer = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
    return {match.group(1) for match in re.finditer(r"=> (/\S+)", answer)}


def owners(files):
    """File -> the package that installed it, or None. dpkg knows a file under one of its names, with or without
    /usr; asked for all at once, because each question reads all of dpkg's lists."""
    names = {}
    for file in files:
        real = str(pathlib.Path(file).resolve())
        names[file] = {file, real, real.removeprefix("/usr"), "/usr" + real}
    answer = subprocess.run(["dpkg-query", "-S", *sorted(set().union(*names.values()))],
                            capture_output=True, text=True, check=False).stdout
    package = {path: line.split(":")[0] for line in answer.splitlines() for path in [line.rpartition(": ")[2]]}
    return {file: next((package[name] for name in sorted(names[file]) if name in package), None) for file in files}


class Image(unittest.TestCase):
    def setUp(self):
        self.stages = stages(ROOT / "deploy/Dockerfile")

    def test_base_images_are_arguments(self):
        froms = [rest for keyword, rest in instructions(ROOT / "deploy/Dockerfile") if keyword == "FROM"]
        self.assertEqual(froms, ["${BUILD_IMAGE} AS build", "${RUNTIME_IMAGE} AS klynge"])

    def test_the_last_stage_is_not_root_and_has_no_compiler(self):
        users = [rest for keyword, rest in self.stages["klynge"] if keyword == "USER"]
        self.assertEqual(users, ["10001:10001"])
        for package in installed(self.stages["klynge"]):
            self.assertNotRegex(package, r"-dev$|compiler|build-essential|cmake")

    def test_everything_that_is_copied_exists_and_reaches_the_builder(self):
        sent = (ROOT / "deploy/Dockerfile.dockerignore").read_text(encoding="utf-8").split()
        for keyword, rest in self.stages["build"]:
            for source in rest.split()[:-1] if keyword == "COPY" else []:
                self.assertTrue((ROOT / source).exists(), source)
                self.assertIn(f"!{source}", sent)

    def test_the_build_has_what_deploy_install_brings_for_building(self):
        text = (ROOT / "deploy/install").read_text(encoding="utf-8")
        listed = set(re.search(r"^packages=\((.*?)\)", text, re.S | re.M).group(1).split())
        self.assertEqual(listed - NOT_FOR_BUILDING - installed(self.stages["build"]), set())

    def test_the_runtime_has_every_library_that_the_binaries_load(self):
        binaries = [p for preset in ("release", "dev") for p in (ROOT / "build" / preset / "bin").glob("klynge-*")]
        if not binaries:
            self.skipTest("nothing is built")
        owner = owners(set().union(*map(libraries, binaries)))
        self.assertNotIn(None, owner.values(), owner)
        self.assertEqual(set(owner.values()) - dependencies(installed(self.stages["klynge"])), set())


class Compose(unittest.TestCase):
    def setUp(self):
        self.services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))["services"]

    def test_every_container_is_confined(self):
        for name, service in self.services.items():
            self.assertTrue(service["read_only"], name)
            self.assertEqual(service["cap_drop"], ["ALL"], name)
            self.assertIn("no-new-privileges:true", service["security_opt"], name)
            self.assertRegex(service["user"], r"^[1-9][0-9]*:[1-9][0-9]*$", name)

    def test_services_ask_for_mutual_tls_and_are_published_on_loopback_only(self):
        for name in SERVICES:
            self.assertEqual(self.services[name]["environment"]["KLYNGE_AUTH"], "mtls")
            for port in self.services[name]["ports"]:
                self.assertTrue(port.startswith("127.0.0.1:"), port)

    def test_services_call_the_peers_that_they_call_in_kubernetes(self):
        for name in SERVICES:
            text = (ROOT / f"k8s/base/{name}/deployment.yaml").read_text(encoding="utf-8")
            args = yaml.safe_load(text)["spec"]["template"]["spec"]["containers"][0]["args"]
            peers = {arg for arg in args if "=dns:///" in arg}
            self.assertEqual({arg for arg in self.services[name]["command"] if "=dns:///" in arg}, peers)

    def test_every_mounted_file_of_the_repository_exists(self):
        for name, service in self.services.items():
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                if source.startswith("..") and "/secrets/" not in source:
                    self.assertTrue((ROOT / "deploy" / source).resolve().exists(), f"{name}: {source}")


if __name__ == "__main__":
    unittest.main()
