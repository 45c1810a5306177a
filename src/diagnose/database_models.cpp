// SPDX-License-Identifier: Apache-2.0
#include "diagnose/advice.hpp"
#include "diagnose/score.hpp"
#include "diagnose/weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace misroute {

namespace {

void score_models(CauseScore &score, DatabaseModels const &database, IncidentEvidence const &evidence)
{
    if (evidence.foreign_in_database > 0) {
        auto const share = static_cast<double>(evidence.foreign_in_database) / static_cast<double>(evidence.foreign);
        score.support({weights::k_in_database.value * share},
                      fmt::format("{} of {} foreign answers were given by deployments that stand in "
                                  "LiteLLM_ProxyModelTable",
                                  evidence.foreign_in_database, evidence.foreign));
    }
    if (database.models > 0) {
        score.support(weights::k_database_models, database_sentence(database));
    }
    if (!database.config.empty()) {
        score.support(weights::k_database_settings,
                      fmt::format("LiteLLM_Config carries {}: every pod that shares the database loads it",
                                  fmt::join(database.config, ", ")));
    }
    if (database.models > 0 && evidence.foreign_in_database == 0 && evidence.foreign_with_model_id > 0) {
        score.contradict(weights::k_against_other_models,
                         fmt::format("none of the {} foreign answers with a model_id was given by one of them",
                                     evidence.foreign_with_model_id));
    }
}

} // namespace

Cause score_database_models(Facts const &facts, IncidentEvidence const &evidence)
{
    auto const &database = facts.database_models;
    CauseScore score;
    if (!database.readable) {
        score.support(weights::k_database_unread, database_sentence(database));
    }
    score_models(score, database, evidence);

    auto cause = score.cause("models-in-database");
    cause.next = {
        {.text = "select model_id, model_name, created_at, created_by from \"LiteLLM_ProxyModelTable\" order by 1;"},
        {.text = "select param_name from \"LiteLLM_Config\";"},
        {.command = "grep -n store_model_in_db CONFIG    # the config.yaml of every instance"}};
    cause.steps = {
        {.text = "delete the models on the page \"Models + Endpoints\" (or POST /model/delete) of any instance: all "
                 "instances that share the database serve them"},
        {.text = "set general_settings.store_model_in_db: false on every instance whose config.yaml is meant to be "
                 "the whole truth, and restart its pods"},
        {.text = "or give each instance a database of its own, when it needs models of its own"},
        advice::proof(evidence)};
    return cause;
}

} // namespace misroute
