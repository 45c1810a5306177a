// SPDX-License-Identifier: Apache-2.0
#include "k8s/kustomization.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
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

/// Fields that list files or folders.
constexpr std::array<std::string_view, 6> k_listing_fields{
    "bases", "components", "crds", "resources", "patchesStrategicMerge", "transformers"};

std::string below(std::string const &folder, std::string const &path)
{
    return (fs::path{folder} / path).lexically_normal().string();
}

/// A folder without a slash at its end, so that two ways to write it are one.
std::string normal_folder(std::string const &path)
{
    auto normal = fs::path{path}.lexically_normal().string();
    while (normal.size() > 1 && normal.back() == '/') {
        normal.pop_back();
    }
    return normal;
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
               return kustomization.patch_files.contains(normal_folder(std::string{source.name})) &&
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

/// Another kustomization gives this label another value.
bool tells_apart(Kustomization const &one, std::string const &label, std::vector<Kustomization> const &all)
{
    auto const value = value_of(one, label);
    return std::any_of(all.begin(), all.end(), [&](Kustomization const &other) {
        auto const theirs = value_of(other, label);
        return theirs && theirs != value && side_by_side(one, other);
    });
}

/// Some entry of the kustomization brings the label into selectors.
bool reaches_selectors(Kustomization const &kustomization, std::string const &label)
{
    return std::any_of(kustomization.labels.begin(), kustomization.labels.end(),
                       [&](LabelEntry const &entry) { return entry.selectors && entry.pairs.contains(label); });
}

} // namespace

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
    for (auto const field : k_listing_fields) {
        for (auto const &item : value[field].items) {
            result.references.insert(normal_folder(below(result.folder, text_of(item))));
        }
    }
    for (auto const &entry : value["labels"].items) {
        result.labels.push_back(read_label_entry(entry));
    }
    if (auto const *const common = value.find("commonLabels")) {
        result.labels.push_back(read_common_labels(*common));
    }
    read_patches(value, result);
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
            bool const changed = kustomization.transforms || material.contains(normal_folder(kustomization.folder));
            for (auto const &path : kustomization.references) {
                grown = (changed && material.insert(path).second) || grown;
            }
        }
    }
    return material;
}

std::vector<LabelGap> label_gaps(std::vector<Kustomization> const &kustomizations, std::vector<SourceText> const &texts)
{
    std::vector<LabelGap> gaps;
    for (auto const &kustomization : kustomizations) {
        std::set<std::string> seen;
        auto const is_gap = [&](std::string const &label) {
            return !reaches_selectors(kustomization, label) && tells_apart(kustomization, label, kustomizations) &&
                   !patched(kustomization, label, texts) && seen.insert(label).second;
        };
        for (auto const &entry : kustomization.labels) {
            for (auto const &[label, value] : entry.pairs) {
                if (!entry.selectors && is_gap(label)) {
                    int const line = entry.selectors_line != 0 ? entry.selectors_line : entry.lines.at(label);
                    gaps.push_back({label, value, entry.templates, {kustomization.file, line}});
                }
            }
        }
    }
    std::sort(gaps.begin(), gaps.end(), [](LabelGap const &left, LabelGap const &right) {
        return std::tie(left.location, left.label) < std::tie(right.location, right.label);
    });
    return gaps;
}

} // namespace misroute::k8s
