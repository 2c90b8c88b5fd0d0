"""What must be true of the rendered Kubernetes objects. Each rule yields what is wrong, in a sentence."""

from network import flows, matches, workloads

SERVICES = {"organisation": (50051, 9091), "goals": (50052, 9092), "observations": (50053, 9093),
            "courses": (50054, 9094)}
HEALTH_PORT = 8081


def name_of(obj):
    return f"{obj['kind']} {obj['metadata']['name']}"


def pod_spec(workload):
    return workload["spec"]["template"]["spec"]


def containers(workload):
    spec = pod_spec(workload)
    return spec["containers"] + spec.get("initContainers", [])


def find(objects, kind, name):
    return next((o for o in objects if o["kind"] == kind and o["metadata"]["name"] == name), None)


def pods_are_confined(objects):
    for workload in workloads(objects):
        spec, who = pod_spec(workload), name_of(workload)
        security = spec.get("securityContext", {})
        if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
            yield f"{who} may run as root"
        if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{who} has no RuntimeDefault seccomp profile"
        if spec.get("automountServiceAccountToken") is not False:
            yield f"{who} gets a service account token"
        if any(spec.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{who} shares a namespace with its host"
        if any("hostPath" in volume for volume in spec.get("volumes", [])):
            yield f"{who} mounts a path of its host"


def containers_are_confined(objects):
    for workload in workloads(objects):
        for container in containers(workload):
            who = f"{name_of(workload)}, container {container['name']},"
            security = container.get("securityContext", {})
            if security.get("readOnlyRootFilesystem") is not True:
                yield f"{who} can write to its root"
            if security.get("allowPrivilegeEscalation") is not False or security.get("privileged"):
                yield f"{who} can gain privileges"
            capabilities = security.get("capabilities", {})
            if capabilities.get("drop") != ["ALL"] or capabilities.get("add"):
                yield f"{who} has capabilities"
            if security.get("runAsNonRoot") is False or security.get("runAsUser") == 0:
                yield f"{who} runs as root"


def containers_have_resources_and_probes(objects):
    for workload in workloads(objects):
        for container in pod_spec(workload)["containers"]:
            who = f"{name_of(workload)}, container {container['name']},"
            for kind in ("requests", "limits"):
                given = container.get("resources", {}).get(kind, {})
                if not {"cpu", "memory"} <= set(given):
                    yield f"{who} has no {kind} of cpu and memory"
            for probe in ("livenessProbe", "readinessProbe"):
                if probe not in container:
                    yield f"{who} has no {probe}"


def services_run_twice(objects):
    for service in SERVICES:
        deployment = find(objects, "Deployment", service)
        budget = find(objects, "PodDisruptionBudget", service)
        if deployment is None:
            yield f"there is no Deployment {service}"
            continue
        if deployment["spec"].get("replicas") != 2:
            yield f"Deployment {service} has not 2 replicas"
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        if budget is None or not matches(budget["spec"]["selector"], labels):
            yield f"Deployment {service} has no PodDisruptionBudget"
        elif budget["spec"].get("maxUnavailable") != 1:
            yield f"PodDisruptionBudget {service} does not let go of exactly one replica"


def services_are_probed_by_grpc(objects):
    wanted = {"startupProbe": "liveness", "livenessProbe": "liveness", "readinessProbe": ""}
    for service in SERVICES:
        deployment = find(objects, "Deployment", service)
        for container in containers(deployment) if deployment else []:
            environment = {e["name"]: e.get("value") for e in container.get("env", [])}
            if environment.get("KLYNGE_HEALTH_LISTEN") != f"0.0.0.0:{HEALTH_PORT}":
                yield f"Deployment {service} does not listen for probes on {HEALTH_PORT}"
            for probe, name in wanted.items():
                grpc = container.get(probe, {}).get("grpc", {})
                if grpc.get("port") != HEALTH_PORT or grpc.get("service", "") != name:
                    yield f"Deployment {service}: {probe} does not ask for \"{name}\" on {HEALTH_PORT}"


def services_are_headless(objects):
    for service, (grpc, metrics) in SERVICES.items():
        found, deployment = find(objects, "Service", service), find(objects, "Deployment", service)
        if found is None or deployment is None:
            yield f"there is no Service {service}"
            continue
        if found["spec"].get("clusterIP") != "None":
            yield f"Service {service} is not headless"
        ports = {p["name"]: p["port"] for p in found["spec"]["ports"]}
        if ports != {"grpc": grpc, "metrics": metrics}:
            yield f"Service {service} has the ports {ports}"
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        if not matches({"matchLabels": found["spec"]["selector"]}, labels):
            yield f"Service {service} selects no pod of its Deployment"


def services_listen_where_they_are_looked_for(objects):
    for service, (grpc, metrics) in SERVICES.items():
        deployment = find(objects, "Deployment", service)
        for container in containers(deployment) if deployment else []:
            wanted = {f"--listen=0.0.0.0:{grpc}", f"--metrics_listen=0.0.0.0:{metrics}"}
            for arg in container["args"]:
                peer = arg.removeprefix("--").split("=")[0]
                if peer in SERVICES:
                    wanted.add(f"--{peer}=dns:///{peer}:{SERVICES[peer][0]}")
            if wanted != set(container["args"]):
                yield f"Deployment {service} has arguments {container['args']}"
            if container["command"] != [f"/usr/local/bin/klynge-{service}"]:
                yield f"Deployment {service} runs {container['command']}"


def services_use_mutual_tls_and_files_for_secrets(objects):
    for service in SERVICES:
        deployment = find(objects, "Deployment", service)
        for container in containers(deployment) if deployment else []:
            environment = {e["name"]: e.get("value") for e in container.get("env", [])}
            mounts = [m["mountPath"] for m in container.get("volumeMounts", []) if m.get("readOnly")]
            if environment.get("KLYNGE_AUTH") != "mtls":
                yield f"Deployment {service} does not ask for mutual TLS"
            for key in ("TLS_CERTIFICATE", "TLS_KEY", "TLS_CA", "DATABASE_FILE", "REDIS_PASSWORD_FILE"):
                path = environment.get(f"KLYNGE_{key}") or ""
                if path.rpartition("/")[0] not in mounts:
                    yield f"Deployment {service}: KLYNGE_{key}={path} is in no read-only mount"


def no_secret_is_in_the_environment(objects):
    for workload in workloads(objects):
        for container in containers(workload):
            sources = [e.get("valueFrom", {}) for e in container.get("env", [])] + container.get("envFrom", [])
            if any("secretKeyRef" in s or "secretRef" in s for s in sources):
                yield f"{name_of(workload)} has a secret in its environment"


def service_accounts_have_no_token(objects):
    for workload in workloads(objects):
        name = pod_spec(workload).get("serviceAccountName", "default")
        account = find(objects, "ServiceAccount", name)
        if account is None:
            yield f"{name_of(workload)} uses the missing ServiceAccount {name}"
        elif account.get("automountServiceAccountToken") is not False:
            yield f"ServiceAccount {name} mounts its token"


def everything_is_denied_by_default(objects):
    for policy in (o for o in objects if o["kind"] == "NetworkPolicy"):
        spec = policy["spec"]
        if (spec["podSelector"] == {} and set(spec.get("policyTypes", [])) == {"Ingress", "Egress"}
                and not spec.get("ingress") and not spec.get("egress")):
            return
    yield "no NetworkPolicy denies everything by default"


def mounted_names_exist(objects):
    """Secrets and ConfigMaps; only where the objects have generated ones, as in an overlay."""
    for workload in workloads(objects):
        for volume in pod_spec(workload).get("volumes", []):
            for kind, key, field in (("Secret", "secret", "secretName"), ("ConfigMap", "configMap", "name")):
                if key in volume and find(objects, kind, volume[key][field]) is None:
                    yield f"{name_of(workload)} mounts the missing {kind} {volume[key][field]}"


RULES = [pods_are_confined, containers_are_confined, containers_have_resources_and_probes, services_run_twice,
         services_are_probed_by_grpc, services_are_headless, services_listen_where_they_are_looked_for,
         services_use_mutual_tls_and_files_for_secrets, no_secret_is_in_the_environment,
         service_accounts_have_no_token, everything_is_denied_by_default]


def problems(objects, allowed_flows, complete):
    """Everything wrong with `objects`; `complete` when they hold all that they mount, as an overlay does."""
    found = [problem for rule in RULES for problem in rule(objects)]
    if complete:
        found += mounted_names_exist(objects)
    actual = flows(objects)
    found += [f"the flow {flow} is not allowed, but needed" for flow in sorted(allowed_flows - actual)]
    found += [f"the flow {flow} is allowed, but not in flows.txt" for flow in sorted(actual - allowed_flows)]
    return found
