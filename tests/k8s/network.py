"""Which pod may talk to which, computed from the NetworkPolicies as Kubernetes does: a flow must be allowed by
what selects its source (egress) and by what selects its destination (ingress); a pod that no policy of a direction
selects is open in it."""

STRANGER = {"name": "stranger", "labels": {}, "namespace": {}, "ports": {}}
STRANGERS_PORT = ("TCP", 443)


def workloads(objects):
    return [o for o in objects if o["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job")]


def matches(selector, labels):
    """Whether a label selector (matchLabels only; expressions are refused) selects these labels."""
    if "matchExpressions" in selector:
        raise ValueError("matchExpressions are not understood here; write matchLabels")
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())


def pods(objects):
    """The namespace's own kinds of pods: name, labels, and ports as {name: (protocol, number)}."""
    result = []
    for workload in workloads(objects):
        template = workload["spec"]["template"]
        ports = {}
        for container in template["spec"]["containers"]:
            for port in container.get("ports", []):
                ports[port["name"]] = (port.get("protocol", "TCP"), port["containerPort"])
        result.append({"name": workload["metadata"]["name"], "labels": template["metadata"]["labels"],
                       "namespace": None, "ports": ports})
    return result


def outsiders(policies):
    """Pods of other namespaces that policies speak of, and a stranger of whom none does."""
    found = {"stranger": STRANGER}
    for policy in policies:
        rules = policy["spec"].get("ingress", []) + policy["spec"].get("egress", [])
        for peer in (peer for rule in rules for peer in rule.get("from", []) + rule.get("to", [])):
            if "namespaceSelector" not in peer:
                continue
            namespace = peer["namespaceSelector"].get("matchLabels", {})
            labels = peer.get("podSelector", {}).get("matchLabels", {})
            name = "/".join([*namespace.values(), *labels.values()]) or "any namespace"
            found[name] = {"name": name, "labels": labels, "namespace": namespace, "ports": {}}
    return list(found.values())


def peer_is(peer, pod):
    if "ipBlock" in peer:
        return pod["name"] == "stranger"
    if "namespaceSelector" in peer:
        if pod["namespace"] is None or not matches(peer["namespaceSelector"], pod["namespace"]):
            return False
    elif pod["namespace"] is not None:
        return False
    return matches(peer.get("podSelector", {}), pod["labels"])


def port_is(port, wanted, pod):
    number = port.get("port")
    if isinstance(number, str):
        return pod["ports"].get(number) == wanted
    if port.get("protocol", "TCP") != wanted[0]:
        return False
    return number is None or number <= wanted[1] <= port.get("endPort", number)


def allowed(policies, direction, pod, other, port, destination):
    """Whether `pod`'s policies of `direction` ("Ingress", "Egress") let it talk with `other`."""
    if pod["namespace"] is not None:
        return True  # other namespaces' policies are not ours
    mine = [p for p in policies if matches(p["spec"]["podSelector"], pod["labels"])
            and direction in p["spec"].get("policyTypes", ["Ingress"])]
    if not mine:
        return True
    key, side = ("ingress", "from") if direction == "Ingress" else ("egress", "to")
    for rule in (rule for policy in mine for rule in policy["spec"].get(key, [])):
        peers, ports = rule.get(side), rule.get("ports")
        if peers and not any(peer_is(peer, other) for peer in peers):
            continue
        if ports and not any(port_is(each, port, destination) for each in ports):
            continue
        return True
    return False


def ports_to_try(policies, destination):
    if destination["namespace"] is None:
        return set(destination["ports"].values())
    ports = {STRANGERS_PORT}
    for policy in policies:
        for port in (port for rule in policy["spec"].get("egress", []) for port in rule.get("ports", [])):
            if isinstance(port.get("port"), int):
                ports.add((port.get("protocol", "TCP"), port["port"]))
    return ports


def flows(objects):
    """Every allowed flow as "source -> destination port/protocol", between different kinds of pods."""
    policies = [o for o in objects if o["kind"] == "NetworkPolicy"]
    own, others = pods(objects), outsiders(policies)
    result = set()
    for source in own + others:
        for destination in own + others:
            if source is destination or (source in others and destination in others):
                continue
            for port in ports_to_try(policies, destination):
                if (allowed(policies, "Egress", source, destination, port, destination)
                        and allowed(policies, "Ingress", destination, source, port, destination)):
                    result.add(f"{source['name']} -> {destination['name']} {port[1]}/{port[0]}")
    return result
