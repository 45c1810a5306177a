// SPDX-License-Identifier: Apache-2.0
//
// What every item of evidence weighs. Set by hand, strongest where only one cause produces the item, and checked
// against the simulator: `detection_table` says how often the right cause comes first. docs/detection.md has the same
// table; a test holds the two together.
#pragma once

#include "diagnose/cause_score.hpp"

namespace misroute::weights {

// service-selects-other-instances
inline constexpr Weight k_interleaved{0.55};         ///< backends of one issuer interleave, a fifth or more is foreign
inline constexpr Weight k_interleaved_thinly{0.3};   ///< they interleave, but less than a fifth is foreign
inline constexpr Weight k_cycle{0.35};               ///< the order repeats: somebody deals requests out in turn
inline constexpr Weight k_same_mixture{0.5};         ///< two or more instances show the same mixture
inline constexpr Weight k_sticky_clients{0.5};       ///< whole clients at home, whole clients elsewhere, one instance
inline constexpr Weight k_several_instances{0.2};    ///< two or more instances are misrouted
inline constexpr Weight k_replicas_match{0.4};       ///< shares are those of the replicas the Service selects
inline constexpr Weight k_manifests{0.9};            ///< manifests or live objects show it
inline constexpr Weight k_nothing_in_database{0.05}; ///< the database adds no models
inline constexpr Weight k_against_one_way{0.85};     ///< all traffic goes one way
inline constexpr Weight k_against_step{0.7};         ///< one clean step from one backend to another
inline constexpr Weight k_against_unowned{0.6};      ///< no pod of a configured instance gives such answers
inline constexpr Weight k_against_clean_neighbours{0.85}; ///< other clients of the instance are surely clean
inline constexpr Weight k_against_clean_hosts{0.85};      ///< by hostname everything is clean
inline constexpr Weight k_against_in_database{0.85};      ///< the foreign deployments stand in the database
inline constexpr Weight k_against_manifests{0.8};         ///< no Service in the manifests selects across instances
inline constexpr Weight k_against_failures{0.7};          ///< foreign answers follow failures
inline constexpr Weight k_against_own_entries{0.9};       ///< the deployments that answered are not those of other pods

// route-points-elsewhere
inline constexpr Weight k_one_way{0.6};             ///< (nearly) all of an instance's traffic goes to one other owner
inline constexpr Weight k_owner_known{0.25};        ///< that owner is a configured instance
inline constexpr Weight k_route_manifest{0.9};      ///< the hostname's route leads to that instance's Service
inline constexpr Weight k_against_interleaved{0.9}; ///< answers interleave, or come from several owners
inline constexpr Weight k_against_nobody{0.6};      ///< the answering backend belongs to no configured instance

// instance-reconfigured
inline constexpr Weight k_step{0.45};                  ///< one step from one backend to another, and no return
inline constexpr Weight k_new_backend{0.5};            ///< the new backend belongs to nobody: it is new
inline constexpr Weight k_all_elsewhere{0.2};          ///< no home answer since the onset
inline constexpr Weight k_against_owned{0.6};          ///< the new backend is another instance's
inline constexpr Weight k_against_return{0.4};         ///< answers come home again
inline constexpr Weight k_own_entries{0.5};            ///< the instance's own entries answered; also for a fallback
inline constexpr Weight k_against_owners_entries{0.8}; ///< the other instance's did; also against a fallback

// fallback-between-providers
inline constexpr Weight k_no_markers{0.15};      ///< the LiteLLM version writes no marker: it cannot be excluded
inline constexpr Weight k_after_failures{0.75};  ///< foreign answers stand right after failures, home ones do not
inline constexpr Weight k_thin{0.25};            ///< less than a fifth of the answers is foreign, or a few in a row are
inline constexpr Weight k_other_fallbacks{0.1};  ///< other rows of the window are marked fallbacks
inline constexpr Weight k_against_unmarked{0.9}; ///< no marker, although the version writes it
inline constexpr Weight k_against_thick{0.6};    ///< a fifth or more of all answers is foreign
inline constexpr Weight k_against_cycle{0.6};    ///< the order repeats

// models-in-database
inline constexpr Weight k_in_database{0.9};          ///< times the share of foreign rows whose deployment stands there
inline constexpr Weight k_database_models{0.2};      ///< there are models in the database
inline constexpr Weight k_database_settings{0.15};   ///< there are router settings in the database
inline constexpr Weight k_database_unread{0.05};     ///< the tables could not be read: it cannot be excluded
inline constexpr Weight k_against_other_models{0.8}; ///< the foreign deployments are others than those in the database

// key-used-on-several-instances
inline constexpr Weight k_clean_by_host{0.8};            ///< by key it is mixed, by hostname it is clean
inline constexpr Weight k_clean_neighbours{0.65};        ///< other keys of the instance are surely clean
inline constexpr Weight k_against_mixed_hosts{0.95};     ///< by hostname it is mixed too
inline constexpr Weight k_against_mixed_neighbours{0.7}; ///< other keys of the instance are mixed in the same way

} // namespace misroute::weights
