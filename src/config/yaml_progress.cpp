// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_progress.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

namespace misroute {

namespace {

/// Looks at nothing but where documents begin.
class Beginnings : public YAML::EventHandler
{
public:
    void OnDocumentStart(YAML::Mark const &mark) override
    {
        if (mark.pos == m_document) {
            throw YAML::ParserException{mark, "nothing can begin like this"};
        }
        m_document = mark.pos;
    }
    void OnDocumentEnd() override {}
    void OnNull(YAML::Mark const & /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnAlias(YAML::Mark const & /*mark*/, YAML::anchor_t /*anchor*/) override {}
    void OnScalar(YAML::Mark const & /*mark*/, std::string const & /*tag*/, YAML::anchor_t /*anchor*/,
                  std::string const & /*text*/) override
    {
    }
    void OnSequenceStart(YAML::Mark const & /*mark*/, std::string const & /*tag*/, YAML::anchor_t /*anchor*/,
                         YAML::EmitterStyle::value /*style*/) override
    {
    }
    void OnSequenceEnd() override {}
    void OnMapStart(YAML::Mark const & /*mark*/, std::string const & /*tag*/, YAML::anchor_t /*anchor*/,
                    YAML::EmitterStyle::value /*style*/) override
    {
    }
    void OnMapEnd() override {}

private:
    int m_document = -1; ///< where the last document began
};

} // namespace

void expect_progress(std::string const &yaml)
{
    std::istringstream stream{yaml};
    YAML::Parser parser{stream};
    Beginnings beginnings;
    while (parser.HandleNextDocument(beginnings)) {
    }
}

} // namespace misroute
