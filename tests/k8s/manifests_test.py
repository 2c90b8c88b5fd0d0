"""The rendered manifests against Kubernetes' schemas and our rules, and the rules against broken manifests: a rule
that no mistake can trip would prove nothing. Run by tests/k8s/validate, which renders and sets KLYNGE_RENDERED."""

import copy
import os
import pathlib
import unittest

import kubernetes_validate
import yaml

import rules

HERE = pathlib.Path(__file__).parent
RENDERED = pathlib.Path(os.environ["KLYNGE_RENDERED"])
# The first in which gRPC probes are stable, and a recent one.
KUBERNETES_VERSIONS = ["1.27", "1.34"]


def load(name):
    with open(RENDERED / f"{name}.yaml", encoding="utf-8") as file:
        return [o for o in yaml.safe_load_all(file) if o]


def flows_of(*marks):
    lines = [line.split(maxsplit=1) for line in (HERE / "flows.txt").read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#")]
    return {flow for mark, flow in lines if mark in marks}


BASE, LOCAL = load("base"), load("local")
BASE_FLOWS, LOCAL_FLOWS = flows_of("base"), flows_of("base", "local")


class Manifests(unittest.TestCase):
    def test_every_object_is_valid_in_every_supported_kubernetes(self):
        for obj in BASE + LOCAL:
            for version in KUBERNETES_VERSIONS:
                with self.subTest(object=rules.name_of(obj), version=version):
                    kubernetes_validate.validate(obj, version, strict=True)

    def test_schemas_refuse_a_field_that_does_not_exist(self):
        broken = copy.deepcopy(BASE[0])
        broken["spec" if "spec" in broken else "metadata"]["replicaz"] = 2
        with self.assertRaises(Exception):
            kubernetes_validate.validate(broken, KUBERNETES_VERSIONS[0], strict=True)

    def test_the_base_keeps_every_rule(self):
        self.assertEqual(rules.problems(BASE, BASE_FLOWS, complete=False), [])

    def test_the_local_overlay_keeps_every_rule(self):
        self.assertEqual(rules.problems(LOCAL, LOCAL_FLOWS, complete=True), [])

    def test_the_local_overlay_has_a_database_for_every_service(self):
        secrets = [o["metadata"]["name"] for o in LOCAL if o["kind"] == "Secret"]
        for service in rules.SERVICES:
            self.assertTrue(any(name.startswith(f"{service}-database-") for name in secrets), service)
        self.assertIsNotNone(rules.find(LOCAL, "StatefulSet", "postgresql"))

    def test_every_object_of_the_overlay_is_in_its_namespace(self):
        for obj in LOCAL:
            if obj["kind"] != "Namespace":
                self.assertEqual(obj["metadata"].get("namespace"), "klynge", rules.name_of(obj))


def container(objects, name="goals"):
    return rules.pod_spec(rules.find(objects, "Deployment", name))["containers"][0]


def pod(objects, kind="Deployment", name="goals"):
    return rules.pod_spec(rules.find(objects, kind, name))


def policy(objects, name):
    return rules.find(objects, "NetworkPolicy", name)["spec"]


def remove(objects, kind, name):
    objects.remove(rules.find(objects, kind, name))


def set_environment(objects, name, value):
    next(e for e in container(objects)["env"] if e["name"] == name)["value"] = value


# What is broken, and what must then be said.
MISTAKES = {
    "a pod runs as root": (lambda o: pod(o)["securityContext"].update(runAsNonRoot=False), "may run as root"),
    "no user is named": (lambda o: pod(o)["securityContext"].pop("runAsUser"), "may run as root"),
    "PostgreSQL runs as root": (lambda o: pod(o, "StatefulSet", "postgresql").pop("securityContext"),
                                "StatefulSet postgresql may run as root"),
    "a container runs as root": (lambda o: container(o)["securityContext"].update(runAsUser=0), "runs as root"),
    "no seccomp profile": (lambda o: pod(o)["securityContext"].pop("seccompProfile"), "seccomp"),
    "a token is mounted": (lambda o: pod(o).pop("automountServiceAccountToken"), "gets a service account token"),
    "an account mounts its token": (
        lambda o: rules.find(o, "ServiceAccount", "goals").pop("automountServiceAccountToken"), "mounts its token"),
    "an account is missing": (lambda o: remove(o, "ServiceAccount", "goals"), "missing ServiceAccount goals"),
    "the host's network": (lambda o: pod(o).update(hostNetwork=True), "shares a namespace with its host"),
    "a path of the host": (lambda o: pod(o)["volumes"].append({"name": "h", "hostPath": {"path": "/"}}), "path of its host"),
    "a root that can be written": (
        lambda o: container(o, "redis")["securityContext"].update(readOnlyRootFilesystem=False), "can write to its root"),
    "privileges can be gained": (
        lambda o: container(o)["securityContext"].pop("allowPrivilegeEscalation"), "can gain privileges"),
    "a capability is kept": (
        lambda o: container(o)["securityContext"]["capabilities"].update(add=["NET_RAW"]), "has capabilities"),
    "capabilities are not dropped": (
        lambda o: container(o)["securityContext"]["capabilities"].update(drop=["NET_RAW"]), "has capabilities"),
    "no limits": (lambda o: container(o)["resources"].pop("limits"), "has no limits"),
    "no readiness probe": (lambda o: container(o, "redis").pop("readinessProbe"), "has no readinessProbe"),
    "one replica": (lambda o: rules.find(o, "Deployment", "goals")["spec"].update(replicas=1), "has not 2 replicas"),
    "no disruption budget": (lambda o: remove(o, "PodDisruptionBudget", "goals"), "no PodDisruptionBudget"),
    "a budget for nobody": (
        lambda o: rules.find(o, "PodDisruptionBudget", "goals")["spec"]["selector"].update(
            matchLabels={"app.kubernetes.io/name": "gaols"}), "no PodDisruptionBudget"),
    "a probe by TCP": (lambda o: container(o).update(livenessProbe={"tcpSocket": {"port": 50052}}), "livenessProbe does not ask"),
    "a probe of the TLS port": (lambda o: container(o)["readinessProbe"]["grpc"].update(port=50052), "readinessProbe does not ask"),
    "readiness asks for liveness": (
        lambda o: container(o)["readinessProbe"]["grpc"].update(service="liveness"), "readinessProbe does not ask"),
    "no health port": (lambda o: set_environment(o, "KLYNGE_HEALTH_LISTEN", "127.0.0.1:8081"), "does not listen for probes"),
    "a service with an address": (lambda o: rules.find(o, "Service", "goals")["spec"].pop("clusterIP"), "is not headless"),
    "a service without metrics": (lambda o: rules.find(o, "Service", "goals")["spec"]["ports"].pop(), "has the ports"),
    "a service for nobody": (
        lambda o: rules.find(o, "Service", "goals")["spec"]["selector"].update({"app.kubernetes.io/name": "x"}), "selects no pod"),
    "a wrong peer": (lambda o: container(o)["args"].append("--courses=dns:///courses:50051"), "has arguments"),
    "another service's binary": (lambda o: container(o).update(command=["/usr/local/bin/klynge-courses"]), "runs "),
    "no TLS": (lambda o: set_environment(o, "KLYNGE_AUTH", "none"), "does not ask for mutual TLS"),
    "a key that is not mounted": (lambda o: set_environment(o, "KLYNGE_TLS_KEY", "/tmp/tls.key"), "in no read-only mount"),
    "a secret in the environment": (
        lambda o: container(o)["env"].append(
            {"name": "P", "valueFrom": {"secretKeyRef": {"name": "redis-client", "key": "password"}}}),
        "has a secret in its environment"),
    "a missing secret": (lambda o: pod(o)["volumes"][0]["secret"].update(secretName="gone"), "mounts the missing Secret gone"),
    "no default denial": (lambda o: remove(o, "NetworkPolicy", "default-deny"), "denies everything by default"),
    "a default denial of ingress only": (
        lambda o: policy(o, "default-deny").update(policyTypes=["Ingress"]), "denies everything by default"),
    "anybody may call goals": (lambda o: policy(o, "goals")["ingress"][0].pop("from"), "stranger -> goals 50052/TCP is allowed"),
    "goals may call courses": (
        lambda o: (policy(o, "goals")["egress"].append({}), policy(o, "courses").update(ingress=[{}])),
        "goals -> courses 50054/TCP is allowed"),
    "goals may call anything": (lambda o: policy(o, "goals")["egress"].append({}), "goals -> stranger 443/TCP is allowed"),
    "goals may call the world": (
        lambda o: policy(o, "goals")["egress"].append({"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}),
        "goals -> stranger 443/TCP is allowed"),
    "a needed flow is cut at its source": (
        lambda o: policy(o, "goals")["egress"].pop(0), "goals -> organisation 50051/TCP is not allowed"),
    "a needed flow is cut at its destination": (
        lambda o: policy(o, "redis")["ingress"].clear(), "courses -> redis 6379/TCP is not allowed"),
    "no names are looked up": (lambda o: remove(o, "NetworkPolicy", "dns"), "kube-dns 53/UDP is not allowed"),
    "no metrics": (lambda o: remove(o, "NetworkPolicy", "metrics"), "prometheus -> goals 9092/TCP is not allowed"),
}


class Rules(unittest.TestCase):
    def test_each_mistake_is_found(self):
        for mistake, (make, said) in MISTAKES.items():
            with self.subTest(mistake):
                broken = copy.deepcopy(LOCAL)
                make(broken)
                found = rules.problems(broken, LOCAL_FLOWS, complete=True)
                self.assertTrue(any(said in problem for problem in found), found)


if __name__ == "__main__":
    unittest.main()
