// SPDX-License-Identifier: Apache-2.0
//
// <target> SEED... : what libFuzzer's main does, for compilers that have none and for every run of the tests: each seed
// as it is, and a fixed number of times with bytes changed, doubled and left out. The same seeds give the same inputs.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int k_mutations = 40;
constexpr std::size_t k_longest_seed = 65'536;

Bytes read(std::filesystem::path const &file)
{
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

/// One to eight changes at places of the generator's choice.
Bytes changed(Bytes bytes, std::mt19937 &generator)
{
    auto const below = [&](std::size_t count) { return static_cast<std::size_t>(generator()) % count; };
    for (auto left = 1 + below(8); left > 0 && !bytes.empty(); --left) {
        auto const at = bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size()));
        auto const end = at + static_cast<std::ptrdiff_t>(below(static_cast<std::size_t>(bytes.end() - at)) / 4);
        switch (below(4)) {
        case 0:
            *at = static_cast<std::uint8_t>(generator());
            break;
        case 1:
            bytes.erase(at, end);
            break;
        case 2: {
            Bytes const part{at, end};
            bytes.insert(at, part.begin(), part.end());
            break;
        }
        default:
            bytes.insert(at, static_cast<std::uint8_t>("\0\"'\\:{}[]-&*!|>%#\n\xff\xe2\x1b"[below(22)]));
        }
    }
    return bytes;
}

} // namespace

int main(int argc, char **argv)
{
    std::mt19937 generator{20261122}; // NOLINT(cert-msc51-cpp): the same inputs every time
    std::size_t inputs = 0;
    for (auto const *name : std::span{argv, static_cast<std::size_t>(argc)}.subspan(1)) {
        auto const seed = read(name);
        if (seed.size() > k_longest_seed) {
            continue;
        }
        LLVMFuzzerTestOneInput(seed.data(), seed.size());
        for (int turn = 0; turn < k_mutations; ++turn, ++inputs) {
            auto const input = changed(seed, generator);
            LLVMFuzzerTestOneInput(input.data(), input.size());
        }
    }
    std::cout << inputs << " inputs\n";
    return inputs > 0 ? 0 : 1;
}
