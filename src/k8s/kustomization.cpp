// SPDX-License-Identifier: Apache-2.0
#include "k8s/kustomization.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>

namespace misroute::k8s {

namespace {

namespace fs = std::filesystem;

/// Fields after which the objects that are deployed are others than those in the listed files.
constexpr std::array<std::string_view, 13> k_transforming_fields{
    "commonLabels", "components",      "labels",
    "namePrefix",   "nameSuffix",      "namespace",
    "patches",      "patchesJson6902", "patchesStrategicMerge",
    "replacements", "replicas",        "transformers",
    "vars"};

/// Fields that make objects.
constexpr std::array<std::string_view, 5> k_generating_fields{"configMapGenerator", "generators", "helmCharts",
                                                              "helmChartInflationGenerator", "helmGlobals"};

/// Fields that list files or folders.
constexpr std::array<std::string_view, 6> k_listing_fields{
    "bases", "components", "crds", "resources", "patchesStrategicMerge", "transformers"};

std::string below(std::string const &folder, std::string const &path)
{
    return (fs::path{folder} / path).lexically_normal().string();
}

/// A field spec that writes labels into the selector of Services.
bool reaches_services(Value const &field)
{
    auto const &kind = text_of(field["kind"]);
    return text_of(field["path"]) == "spec/selector" && (kind.empty() || kind == "Service");
}

LabelEntry read_label_entry(Value const &entry)
{
    LabelEntry result;
    auto const &include = entry["includeSelectors"];
    auto const &fields = entry["fields"].items;
    result.selectors = is_true(include) || std::any_of(fields.begin(), fields.end(), reaches_services);
    result.templates = is_true(include) || is_true(entry["includeTemplates"]);
    result.selectors_line = include.line;
    for (auto const &[key, value] : entry["pairs"].members) {
        result.pairs[key] = text_of(value);
        result.lines[key] = value.line;
    }
    return result;
}

LabelEntry read_common_labels(Value const &pairs)
{
    LabelEntry result;
    result.selectors = true;
    result.templates = true;
    for (auto const &[key, value] : pairs.members) {
        result.pairs[key] = text_of(value);
        result.lines[key] = value.line;
    }
    return result;
}

void read_patches(Value const &value, Kustomization &kustomization)
{
    for (auto const *const field : {"patches", "patchesJson6902"}) {
        for (auto const &patch : value[field].items) {
            if (auto const &path = text_of(patch["path"]); !path.empty()) {
                kustomization.patch_files.insert(below(kustomization.folder, path));
            }
            kustomization.patch_texts.push_back(text_of(patch["patch"]));
        }
    }
    for (auto const &patch : value["patchesStrategicMerge"].items) {
        // Either a file or the patch itself; neither can be mistaken for the other here.
        kustomization.patch_files.insert(below(kustomization.folder, text_of(patch)));
        kustomization.patch_texts.push_back(text_of(patch));
    }
}

/// A patch that names both the label and a selector is taken to put one into the other.
bool patched(Kustomization const &kustomization, std::string const &label, std::vector<SourceText> const &texts)
{
    auto const speaks_of = [&label](std::string_view text) {
        return text.find("selector") != std::string_view::npos && text.find(label) != std::string_view::npos;
    };
    return std::any_of(kustomization.patch_texts.begin(), kustomization.patch_texts.end(), speaks_of) ||
           std::any_of(texts.begin(), texts.end(), [&](SourceText const &source) {
               return kustomization.patch_files.contains(normal_path(std::string{source.name})) &&
                      speaks_of(source.text);
           });
}

std::optional<std::string> value_of(Kustomization const &kustomization, std::string const &label)
{
    for (auto const &entry : kustomization.labels) {
        auto const found = entry.pairs.find(label);
        if (found != entry.pairs.end()) {
            return found->second;
        }
    }
    return std::nullopt;
}

/// Objects of both can stand in one namespace at the same time. Two that rename one base in the same way cannot: they
/// are stages of one instance, such as dev and prod.
bool side_by_side(Kustomization const &left, Kustomization const &right)
{
    bool const shared = std::any_of(left.references.begin(), left.references.end(),
                                    [&](std::string const &path) { return right.references.contains(path); });
    return left.space == right.space && !(shared && left.prefix == right.prefix);
}

/// Some entry of the kustomization brings the label into selectors.
bool reaches_selectors(Kustomization const &kustomization, std::string const &label)
{
    return std::any_of(kustomization.labels.begin(), kustomization.labels.end(),
                       [&](LabelEntry const &entry) { return entry.selectors && entry.pairs.contains(label); });
}

/// A replacement may write into selectors, and so may any transformer and whatever stands in another file.
bool writes_selectors(Value const &value)
{
    if (value.find("transformers") != nullptr) {
        return true;
    }
    for (auto const &replacement : value["replacements"].items) {
        if (replacement.find("path") != nullptr) {
            return true;
        }
        for (auto const &target : replacement["targets"].items) {
            auto const &paths = target["fieldPaths"].items;
            if (std::any_of(paths.begin(), paths.end(),
                            [](Value const &path) { return text_of(path).find("selector") != std::string::npos; })) {
                return true;
            }
        }
    }
    return false;
}

/// Kustomizations as a graph: which files and folders each is made of, over all steps.
class Trees
{
public:
    Trees(std::vector<Kustomization> const &all, std::vector<SourceText> const &texts, RawMaterial const &material)
        : m_all{all},
          m_texts{texts},
          m_material{material}
    {
    }

    std::vector<LabelGap> gaps() const;
    bool runs_litellm(Kustomization const &one) const;

private:
    std::set<std::string> tree(Kustomization const &top) const;
    bool reached(Kustomization const &one, std::string const &label) const;
    bool tells_apart(Kustomization const &one, std::string const &label) const;
    std::vector<LabelGap> gaps_of(Kustomization const &one) const;

    std::vector<Kustomization> const &m_all;
    std::vector<SourceText> const &m_texts;
    RawMaterial const &m_material;
};

std::set<std::string> Trees::tree(Kustomization const &top) const
{
    return tree_of(m_all, normal_path(top.folder));
}

/// LiteLLM is among what is deployed; taken for granted where a part of it is not in the input.
bool Trees::runs_litellm(Kustomization const &one) const
{
    for (auto const &path : tree(one)) {
        bool const folder = std::any_of(m_all.begin(), m_all.end(),
                                        [&](Kustomization const &other) { return normal_path(other.folder) == path; });
        bool const file = std::any_of(m_texts.begin(), m_texts.end(), [&](SourceText const &text) {
            return normal_path(std::string{text.name}) == path;
        });
        if (m_material.litellm.contains(path) || (!folder && !file)) {
            return true;
        }
    }
    return false;
}

/// The label gets into selectors: in this kustomization, in one that it is made of (a base, a component), in one that
/// is made of it, or because a Service has it by itself.
bool Trees::reached(Kustomization const &one, std::string const &label) const
{
    auto const parts = tree(one);
    auto const folder = normal_path(one.folder);
    bool const related = std::any_of(m_all.begin(), m_all.end(), [&](Kustomization const &other) {
        bool const near = parts.contains(normal_path(other.folder)) || tree(other).contains(folder);
        return near && (other.writes_selectors || reaches_selectors(other, label) || patched(other, label, m_texts));
    });
    return related || std::any_of(m_material.selected.begin(), m_material.selected.end(), [&](auto const &selected) {
               return selected.second == label && parts.contains(normal_path(selected.first));
           });
}

/// Another kustomization of LiteLLM gives this label another value.
bool Trees::tells_apart(Kustomization const &one, std::string const &label) const
{
    auto const value = value_of(one, label);
    return std::any_of(m_all.begin(), m_all.end(), [&](Kustomization const &other) {
        auto const theirs = value_of(other, label);
        return theirs && theirs != value && side_by_side(one, other) && runs_litellm(other);
    });
}

/// Labels of one kustomization that tell instances apart and reach no selector, each once.
std::vector<LabelGap> Trees::gaps_of(Kustomization const &one) const
{
    std::vector<LabelGap> gaps;
    std::set<std::string> seen;
    for (auto const &entry : one.labels) {
        for (auto const &[label, value] : entry.pairs) {
            if (entry.selectors || !tells_apart(one, label) || !runs_litellm(one) || reached(one, label) ||
                !seen.insert(label).second) {
                continue;
            }
            int const line = entry.selectors_line != 0 ? entry.selectors_line : entry.lines.at(label);
            gaps.push_back({label, value, entry.templates, {one.file, line}});
        }
    }
    return gaps;
}

std::vector<LabelGap> Trees::gaps() const
{
    std::vector<LabelGap> gaps;
    for (auto const &one : m_all) {
        std::ranges::move(gaps_of(one), std::back_inserter(gaps));
    }
    return gaps;
}

} // namespace

std::string normal_path(std::string const &path)
{
    auto normal = fs::path{path}.lexically_normal().string();
    while (normal.size() > 1 && normal.back() == '/') {
        normal.pop_back();
    }
    return normal == "." ? std::string{} : normal;
}

bool is_remote(std::string_view path)
{
    constexpr std::array<std::string_view, 4> prefixes{"git@", "git::", "github.com/", "oci:"};
    bool const remote = std::any_of(prefixes.begin(), prefixes.end(),
                                    [&](std::string_view prefix) { return path.starts_with(prefix); });
    return path.find('\n') == std::string_view::npos &&
           (remote || path.find("://") != std::string_view::npos || path.find("?ref=") != std::string_view::npos);
}

std::set<std::string> tree_of(std::vector<Kustomization> const &kustomizations, std::string const &folder)
{
    std::set<std::string> paths{normal_path(folder)};
    for (bool grown = true; grown;) {
        grown = false;
        for (auto const &one : kustomizations) {
            if (paths.contains(normal_path(one.folder))) {
                auto const before = paths.size();
                paths.insert(one.references.begin(), one.references.end());
                grown = grown || paths.size() != before;
            }
        }
    }
    return paths;
}

std::vector<Kustomization> roots_of(std::vector<Kustomization> const &kustomizations)
{
    std::set<std::string> named;
    for (auto const &one : kustomizations) {
        named.insert(one.references.begin(), one.references.end());
    }
    std::vector<Kustomization> roots;
    std::ranges::copy_if(kustomizations, std::back_inserter(roots), [&](Kustomization const &one) {
        return !one.component && !named.contains(normal_path(one.folder));
    });
    return roots;
}

bool is_kustomization_file(std::string_view file)
{
    auto const name = fs::path{file}.filename().string();
    return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization";
}

Kustomization read_kustomization(Value const &value, std::string const &file)
{
    Kustomization result;
    result.file = file;
    result.folder = fs::path{file}.parent_path().string();
    result.space = text_of(value["namespace"]);
    result.prefix = text_of(value["namePrefix"]) + "*" + text_of(value["nameSuffix"]);
    for (auto const field : k_transforming_fields) {
        result.transforms = result.transforms || value.find(field) != nullptr;
    }
    for (auto const field : k_generating_fields) {
        result.generates = result.generates || value.find(field) != nullptr;
    }
    result.component = text_of(value["kind"]) == "Component";
    for (auto const field : k_listing_fields) {
        for (auto const &item : value[field].items) {
            auto const &path = text_of(item);
            if (is_remote(path)) {
                result.remote.push_back(path);
            }
            result.references.insert(normal_path(below(result.folder, path)));
        }
    }
    for (auto const &entry : value["labels"].items) {
        result.labels.push_back(read_label_entry(entry));
    }
    if (auto const *const common = value.find("commonLabels")) {
        result.labels.push_back(read_common_labels(*common));
    }
    read_patches(value, result);
    result.writes_selectors = writes_selectors(value);
    result.references.insert(result.patch_files.begin(), result.patch_files.end());
    return result;
}

std::set<std::string> raw_material(std::vector<Kustomization> const &kustomizations)
{
    std::set<std::string> material;
    bool grown = true;
    while (grown) {
        grown = false;
        for (auto const &kustomization : kustomizations) {
            bool const changed = kustomization.transforms || material.contains(normal_path(kustomization.folder));
            for (auto const &path : kustomization.references) {
                grown = (changed && material.insert(path).second) || grown;
            }
        }
    }
    return material;
}

bool may_run_litellm(Kustomization const &one, std::vector<Kustomization> const &kustomizations,
                     std::vector<SourceText> const &texts, RawMaterial const &material)
{
    return Trees{kustomizations, texts, material}.runs_litellm(one);
}

std::vector<LabelGap> label_gaps(std::vector<Kustomization> const &kustomizations, std::vector<SourceText> const &texts,
                                 RawMaterial const &material)
{
    auto gaps = Trees{kustomizations, texts, material}.gaps();
    std::sort(gaps.begin(), gaps.end(), [](LabelGap const &left, LabelGap const &right) {
        return std::tie(left.location, left.label) < std::tie(right.location, right.label);
    });
    return gaps;
}

} // namespace misroute::k8s
