// SPDX-License-Identifier: Apache-2.0
#include "k8s/parse.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <string>

namespace misroute::k8s {

namespace {

/// Passes yaml-cpp's events on. Its node tree is not used: it would hold the whole text many times over.
class Handler : public YAML::EventHandler
{
public:
    Handler(TreeBuilder &builder, int first_line) : m_builder{builder}, m_first_line{first_line} {}

    // yaml-cpp answers a token that can begin nothing, such as a stray comma, with an empty document, and then reads
    // the same token again, for ever.
    void OnDocumentStart(YAML::Mark const &mark) override
    {
        if (mark.pos == m_document) {
            throw Unreadable{line(mark), "nothing can begin like this"};
        }
        m_document = mark.pos;
    }

    void OnDocumentEnd() override { m_builder.finish(); }

    void OnNull(YAML::Mark const &mark, YAML::anchor_t anchor) override
    {
        place(Value::Kind::null, mark, anchor, std::string{});
    }

    void OnScalar(YAML::Mark const &mark, std::string const & /*tag*/, YAML::anchor_t anchor,
                  std::string const &text) override
    {
        place(Value::Kind::scalar, mark, anchor, text);
    }

    void OnAlias(YAML::Mark const &mark, YAML::anchor_t anchor) override { m_builder.alias(anchor, line(mark)); }

    void OnSequenceStart(YAML::Mark const &mark, std::string const & /*tag*/, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override
    {
        m_builder.start(Value::Kind::list, line(mark), anchor);
    }

    void OnSequenceEnd() override { m_builder.end(); }

    void OnMapStart(YAML::Mark const &mark, std::string const & /*tag*/, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override
    {
        m_builder.start(Value::Kind::map, line(mark), anchor);
    }

    void OnMapEnd() override { m_builder.end(); }

private:
    int line(YAML::Mark const &mark) const { return m_first_line + mark.line; }

    void place(Value::Kind kind, YAML::Mark const &mark, YAML::anchor_t anchor, std::string text)
    {
        Value value;
        value.kind = kind;
        value.line = line(mark);
        value.text = std::move(text);
        if (m_builder.wants_key()) {
            m_builder.key_with_anchor(std::move(value), anchor);
        } else {
            m_builder.place(std::move(value), anchor);
        }
    }

    TreeBuilder &m_builder;
    int m_first_line;
    int m_document = -1; ///< where the last document began
};

} // namespace

void parse_yaml(std::string_view text, int line, TreeBuilder &builder)
{
    std::istringstream stream{std::string{text}};
    Handler handler{builder, line};
    try {
        YAML::Parser parser{stream};
        while (parser.HandleNextDocument(handler)) {
        }
    } catch (YAML::ParserException const &error) {
        throw Unreadable{line + error.mark.line, error.msg};
    } catch (YAML::Exception const &error) {
        throw Unreadable{line, error.msg};
    }
}

} // namespace misroute::k8s
