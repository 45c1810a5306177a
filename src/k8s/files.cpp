// SPDX-License-Identifier: Apache-2.0
#include "misroute/k8s.hpp"
#include "misroute/model/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>

namespace misroute {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> k_endings{".yaml", ".yml", ".json"};

bool is_manifest(fs::path const &file)
{
    return std::find(k_endings.begin(), k_endings.end(), file.extension().string()) != k_endings.end() ||
           file.filename() == "Kustomization";
}

bool is_hidden(fs::path const &path)
{
    auto const name = path.filename().string();
    return name.size() > 1 && name[0] == '.' && name != "..";
}

[[noreturn]] void fail(fs::path const &path, std::string const &why)
{
    throw Error{fmt::format("manifests cannot be read: {}", why), path.string(),
                "give files, folders, or - for standard input"};
}

/// A link that leads nowhere is no file; one that leads in a circle, or where we may not look, is told.
bool is_file(fs::path const &path)
{
    std::error_code error;
    bool const file = fs::is_regular_file(path, error);
    if (error && error != std::errc::no_such_file_or_directory) {
        fail(path, error.message());
    }
    return file;
}

/// The manifests below a folder, sorted, so that no file system can change the result.
std::vector<fs::path> files_below(fs::path const &folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    fs::recursive_directory_iterator walk{folder, error};
    for (; !error && walk != fs::recursive_directory_iterator{}; walk.increment(error)) {
        if (is_hidden(walk->path())) {
            walk.disable_recursion_pending();
        } else if (is_manifest(walk->path()) && is_file(walk->path())) {
            files.push_back(walk->path());
        }
    }
    if (error) {
        fail(folder, error.message());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Throws Error when that cannot be told: a folder above it is not ours to read, or links lead in a circle.
bool is_folder(fs::path const &path)
{
    std::error_code error;
    bool const folder = fs::is_directory(path, error);
    if (error && error != std::errc::no_such_file_or_directory) {
        fail(path, error.message());
    }
    return folder;
}

ManifestText read_file(fs::path const &path)
{
    std::ifstream stream{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
    if (!stream) {
        fail(path, "no such file, or no permission to read it");
    }
    return {path.lexically_normal().string(), std::move(text)};
}

} // namespace

std::vector<ManifestText> read_manifests(std::vector<std::string> const &paths, std::string const &standard_input)
{
    std::vector<ManifestText> texts;
    std::set<std::string> seen;
    auto const add_file = [&](fs::path const &path) {
        if (seen.insert(path.lexically_normal().string()).second) {
            texts.push_back(read_file(path));
        }
    };
    for (auto const &path : paths) {
        if (path == "-") {
            if (seen.insert(path).second) {
                texts.push_back({k_standard_input, standard_input});
            }
        } else if (is_folder(path)) {
            auto const files = files_below(path);
            std::for_each(files.begin(), files.end(), add_file);
        } else {
            add_file(path);
        }
    }
    return texts;
}

} // namespace misroute
