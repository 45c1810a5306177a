// SPDX-License-Identifier: Apache-2.0
#include "k8s/objects.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace misroute::k8s {

namespace {

constexpr std::array<std::string_view, 11> k_workload_kinds{
    "CloneSet",   "CronJob", "DaemonSet", "Deployment", "DeploymentConfig",
    "Job",        "Pod",     "Rollout",   "ReplicaSet", "ReplicationController",
    "StatefulSet"};

/// Deployments that do not say how many extra pods a rolling update may start get a quarter (API reference).
constexpr std::string_view k_default_surge = "25%";

/// The object that carries pod labels and containers: the template, or the Pod itself.
Value const &template_of(Value const &object, std::string const &kind)
{
    if (kind == "Pod") {
        return object;
    }
    return kind == "CronJob" ? object["spec"]["jobTemplate"]["spec"]["template"] : object["spec"]["template"];
}

int replicas_of(Value const &object, std::string const &kind)
{
    auto const &spec = object["spec"];
    if (kind == "Pod") {
        return 1;
    }
    if (kind == "DaemonSet") {
        return count_of(object["status"]["desiredNumberScheduled"]).value_or(1);
    }
    if (kind == "Job" || kind == "CronJob") {
        auto const &job = kind == "Job" ? spec : spec["jobTemplate"]["spec"];
        return count_of(job["parallelism"]).value_or(1);
    }
    return count_of(spec["replicas"]).value_or(1);
}

/// Whether the object itself says how many pods there are.
bool is_counted(Value const &object, std::string const &kind)
{
    if (kind == "DaemonSet") {
        return object["status"].find("desiredNumberScheduled") != nullptr;
    }
    bool const fixed = kind == "Pod" || kind == "Job" || kind == "CronJob";
    return fixed || object["spec"].find("replicas") != nullptr;
}

/// "25%" of the replicas, rounded up as Kubernetes rounds a surge, or a plain number.
int surge_of_text(std::string const &text, int replicas)
{
    int number = 0;
    auto const *const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || number < 0) {
        return 0;
    }
    bool const percent = stop != end && *stop == '%';
    return percent ? static_cast<int>((static_cast<long long>(replicas) * number + 99) / 100) : number;
}

/// Extra pods: those that there are when the object is live, else those that a rolling update may start.
int surge_of(Value const &object, std::string const &kind, int replicas)
{
    if (kind != "Deployment" && kind != "Rollout") {
        return 0;
    }
    auto const &status = object["status"];
    if (status.find("observedGeneration") != nullptr) {
        return std::max(0, count_of(status["replicas"]).value_or(0) - replicas);
    }
    auto const &strategy = object["spec"]["strategy"];
    if (text_of(strategy["type"]) == "Recreate") {
        return 0;
    }
    auto const &surge = text_of(strategy["rollingUpdate"]["maxSurge"]);
    return surge_of_text(surge.empty() ? std::string{k_default_surge} : surge, replicas);
}

Owner owner_of(Value const &object)
{
    for (auto const &reference : object["metadata"]["ownerReferences"].items) {
        if (is_true(reference["controller"])) {
            return {text_of(reference["kind"]), text_of(reference["name"])};
        }
    }
    return {};
}

/// The last part of an image's name: "litellm" of "ghcr.io/berriai/litellm:main-stable".
bool is_litellm_image(std::string_view image)
{
    image = image.substr(0, image.find('@'));
    auto const slash = image.rfind('/');
    auto const name = slash == std::string_view::npos ? image : image.substr(slash + 1);
    return name.substr(0, name.find(':')).find("litellm") != std::string_view::npos;
}

std::vector<std::string_view> words_of(std::string_view text)
{
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = std::min(text.find_first_of(" \t\n", at), text.size());
        if (end != at) {
            words.push_back(text.substr(at, end - at));
        }
        at = end + 1;
    }
    return words;
}

/// Calls `visit` for each word of a container's command and arguments; shell scripts count by their words.
template <typename Visit>
void visit_words(Value const &container, Visit visit)
{
    for (auto const *const key : {"command", "args"}) {
        for (auto const &argument : container[key].items) {
            std::ranges::for_each(words_of(text_of(argument)), visit);
        }
    }
}

bool runs_litellm(Value const &container)
{
    bool found = is_litellm_image(text_of(container["image"]));
    visit_words(container, [&](std::string_view word) {
        auto const slash = word.rfind('/');
        found = found || (slash == std::string_view::npos ? word : word.substr(slash + 1)) == "litellm";
    });
    return found;
}

std::string config_path(Value const &container)
{
    std::string path;
    bool next = false;
    visit_words(container, [&](std::string_view word) {
        if (next) {
            path = word;
        }
        next = word == "--config" || word == "-c";
        if (word.substr(0, 9) == "--config=") {
            path = word.substr(9);
        }
    });
    return path;
}

/// ConfigMaps of volumes, by the name of the volume; a projected volume may have several.
std::multimap<std::string, std::string> config_volumes(Value const &pod)
{
    std::multimap<std::string, std::string> volumes;
    for (auto const &volume : pod["volumes"].items) {
        auto const &name = text_of(volume["name"]);
        if (auto const *const source = volume.find("configMap")) {
            volumes.emplace(name, text_of((*source)["name"]));
        }
        for (auto const &source : volume["projected"]["sources"].items) {
            if (auto const *const part = source.find("configMap")) {
                volumes.emplace(name, text_of((*part)["name"]));
            }
        }
    }
    return volumes;
}

std::vector<Mount> mounts_of(Value const &pod, Value const &container)
{
    auto const volumes = config_volumes(pod);
    std::vector<Mount> mounts;
    for (auto const &mount : container["volumeMounts"].items) {
        auto const [first, last] = volumes.equal_range(text_of(mount["name"]));
        for (auto volume = first; volume != last; ++volume) {
            mounts.push_back({volume->second, text_of(mount["mountPath"])});
        }
    }
    return mounts;
}

void read_sources(Value const &container, Pods &pods)
{
    for (auto const &source : container["envFrom"].items) {
        if (auto const *const map = source.find("configMapRef")) {
            pods.from_config_maps.push_back({{}, text_of((*map)["name"]), {}, text_of(source["prefix"])});
        } else {
            pods.environment.more = true;
            pods.secrets.insert(text_of(source["secretRef"]["name"]));
        }
    }
}

void read_environment(Value const &container, Pods &pods)
{
    for (auto const &variable : container["env"].items) {
        auto const &name = text_of(variable["name"]);
        auto const &reference = variable["valueFrom"]["configMapKeyRef"];
        if (reference.is_map()) {
            pods.from_config_maps.push_back({name, text_of(reference["name"]), text_of(reference["key"]), {}});
        }
        auto const &secret = variable["valueFrom"]["secretKeyRef"];
        if (secret.is_map()) {
            pods.secrets.insert(name + "=" + text_of(secret["name"]) + "/" + text_of(secret["key"]));
        }
        if (variable.find("valueFrom") != nullptr) {
            pods.environment.hidden.insert(name);
        } else {
            pods.environment.values[name] = text_of(variable["value"]);
        }
    }
}

/// `litellm --model … --api_base …` serves one model without any file.
std::optional<ModelEntry> model_on_command_line(Value const &container)
{
    ModelEntry entry;
    std::string_view option;
    visit_words(container, [&](std::string_view word) {
        if (option == "--model" || option == "-m") {
            entry.model = word;
        } else if (option == "--api_base") {
            entry.api_base = word;
        }
        option = word;
    });
    return entry.model.empty() ? std::nullopt : std::optional{entry};
}

/// A Pod that Helm or Argo CD starts for a moment (a test, a hook) serves nobody; of Jobs only tests are left out, for
/// the others run beside the Service.
bool is_hook(Value const &object, std::string const &kind)
{
    auto const &annotations = object["metadata"]["annotations"];
    auto const &hook = text_of(annotations["helm.sh/hook"]);
    bool const test = hook.find("test") != std::string::npos;
    bool const other = !hook.empty() || !text_of(annotations["argocd.argoproj.io/hook"]).empty();
    return kind == "Pod" ? other : kind == "Job" && test;
}

/// What a container of LiteLLM is started with; empty where it is started with no configuration.
std::string configuration_of(Value const &pod, Value const &container)
{
    auto const model = model_on_command_line(container);
    auto text = config_path(container);
    if (!runs_litellm(container) || (text.empty() && !model)) {
        return {};
    }
    for (auto const &mount : mounts_of(pod, container)) {
        text += "\n" + mount.path + "\n" + mount.config_map;
    }
    return model ? text + "\n" + model->model + "\n" + model->api_base : text;
}

void read_containers(Value const &pod, Pods &pods)
{
    std::set<std::string> configurations;
    for (auto const &container : pod["containers"].items) {
        auto const mounts = mounts_of(pod, container);
        pods.images.insert(text_of(container["image"]));
        pods.mounts.insert(pods.mounts.end(), mounts.begin(), mounts.end());
        pods.runs_litellm = pods.runs_litellm || runs_litellm(container);
        if (pods.config_path.empty()) {
            pods.config_path = config_path(container);
        }
        read_sources(container, pods);
        read_environment(container, pods);
        if (auto const entry = runs_litellm(container) ? model_on_command_line(container) : std::nullopt) {
            pods.command_line.push_back(*entry);
        }
        configurations.insert(configuration_of(pod, container));
    }
    configurations.erase("");
    pods.configurations = configurations.size();
}

bool has_ended(Value const &object)
{
    auto const &phase = text_of(object["status"]["phase"]);
    return phase == "Succeeded" || phase == "Failed" || object["metadata"].find("deletionTimestamp") != nullptr;
}

} // namespace

bool is_workload(std::string const &kind)
{
    return std::find(k_workload_kinds.begin(), k_workload_kinds.end(), kind) != k_workload_kinds.end();
}

ObjectName name_of(Value const &object)
{
    auto const &metadata = object["metadata"];
    return {text_of(metadata["namespace"]), text_of(metadata["name"])};
}

Labels labels_of(Value const &map)
{
    Labels labels;
    for (auto const &[key, value] : map.members) {
        if (value.is_scalar()) {
            labels[key] = value.text;
        }
    }
    return labels;
}

std::optional<Pods> read_pods(Value const &object, Location const &location)
{
    auto const &kind = text_of(object["kind"]);
    auto const &pod_template = template_of(object, kind);
    if (!pod_template["spec"]["containers"].is_list() || has_ended(object) || is_hook(object, kind)) {
        return std::nullopt;
    }
    Pods pods;
    auto &workload = pods.workload;
    workload.kind = kind;
    workload.name = name_of(object);
    workload.metadata_labels = labels_of(object["metadata"]["labels"]);
    workload.pod_labels = labels_of(pod_template["metadata"]["labels"]);
    auto const &selector = object["spec"]["selector"];
    bool const plain = kind == "DeploymentConfig" || kind == "ReplicationController";
    workload.match_labels = labels_of(plain ? selector : selector["matchLabels"]);
    workload.replicas = replicas_of(object, kind);
    pods.counted = is_counted(object, kind);
    pods.address = kind == "Pod" ? text_of(object["status"]["podIP"]) : std::string{};
    pods.stated_replicas = count_of(object["spec"]["replicas"]);
    workload.surge = surge_of(object, kind, workload.replicas);
    workload.location = location;
    pods.owner = owner_of(object);
    read_containers(pod_template["spec"], pods);
    if (auto const &account = text_of(pod_template["spec"]["serviceAccountName"]); !account.empty()) {
        pods.secrets.insert("service account " + account);
    }
    return pods;
}

} // namespace misroute::k8s
