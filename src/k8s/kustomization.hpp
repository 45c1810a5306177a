// SPDX-License-Identifier: Apache-2.0
//
// Kustomization sources: where labels are added that never reach a selector, and which files are only raw material.
// Nothing is rendered here; `kubectl kustomize` does that better.
#pragma once

#include "k8s/value.hpp"
#include "misroute/model/cluster.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace misroute::k8s {

/// An entry of `labels`, or the older commonLabels.
struct LabelEntry
{
    Labels pairs;
    std::map<std::string, int> lines; ///< of each pair
    int selectors_line = 0;           ///< of `includeSelectors`, or 0
    bool templates = false;           ///< pod templates get the labels
    bool selectors = false;           ///< Services' selectors get them
};

struct Kustomization
{
    std::string file;
    std::string folder;
    std::string space;  ///< `namespace:`
    std::string prefix; ///< `namePrefix:` and `nameSuffix:`, joined by a star
    bool transforms = false;
    bool component = false;          ///< of kind Component: only a part of others
    bool generates = false;          ///< it makes objects, from charts among others, that stand in no file
    std::vector<std::string> remote; ///< what it takes from the network
    std::vector<LabelEntry> labels;
    std::set<std::string> references;     ///< files and folders it is made of, as paths of this run
    std::set<std::string> patch_files;    ///< the patches among them
    std::vector<std::string> patch_texts; ///< patches written into it
    bool writes_selectors = false;        ///< by replacements or transformers, which are not followed
};

/// Whether the file name is one that kustomize reads.
bool is_kustomization_file(std::string_view file);

Kustomization read_kustomization(Value const &value, std::string const &file);

/// The folder of the kustomization and all files and folders that it is made of, over all steps.
std::set<std::string> tree_of(std::vector<Kustomization> const &kustomizations, std::string const &folder);

/// Kustomizations that no other one names.
std::vector<Kustomization> roots_of(std::vector<Kustomization> const &kustomizations);

/// Whether the path lies on the network in the eyes of kustomize.
bool is_remote(std::string_view path);

/// A path without a slash at its end, so that two ways to write it are one.
std::string normal_path(std::string const &path);

/// Files that kustomizations change before anybody deploys them: not to be examined as they stand.
std::set<std::string> raw_material(std::vector<Kustomization> const &kustomizations);

/// A named text, to look for patches in.
struct SourceText
{
    std::string_view name;
    std::string_view text;
};

/// What the files that kustomizations list say.
struct RawMaterial
{
    std::set<std::string> litellm;                    ///< files with a workload that runs LiteLLM
    std::multimap<std::string, std::string> selected; ///< by file, labels that a Service's selector has by itself
};

/// LiteLLM is among what the kustomization deploys; taken for granted where a part of it is not in the input.
bool may_run_litellm(Kustomization const &one, std::vector<Kustomization> const &kustomizations,
                     std::vector<SourceText> const &texts, RawMaterial const &material);

/// Labels that differ between kustomizations which can stand side by side in one namespace, and that no Service's
/// selector gets. Each kustomization and label once, in the order of files and labels.
std::vector<LabelGap> label_gaps(std::vector<Kustomization> const &kustomizations, std::vector<SourceText> const &texts,
                                 RawMaterial const &material);

} // namespace misroute::k8s
