#pragma once

#include <cstddef>

#include "core/media/engine/engine_context.h"
#include "core/media/engine/media_records.h"
#include "core/media/worker/path_report.h"

/// What handles know of themselves, as records. `now` is the time of the question.
namespace sluice {

[[nodiscard]] media_records::TransportRecord record_of(const TransportHandle& handle, const Birth& now);
[[nodiscard]] media_records::ProducerRecord record_of(const ProducerHandle& handle, const Birth& now);
[[nodiscard]] media_records::ConsumerRecord record_of(const ConsumerHandle& handle, const Birth& now);
/// Without its producers and consumers.
[[nodiscard]] media_records::TransportDetails details_of(const TransportHandle& handle, const Birth& now);
[[nodiscard]] media_records::ProducerDetails details_of(const ProducerHandle& handle, const Birth& now);
[[nodiscard]] media_records::ConsumerDetails details_of(const ConsumerHandle& handle, const Birth& now);

/// @param udp_sockets  How many of the worker's sockets, which are counted from 0, are of UDP: the others are of TCP.
void fill(media_records::TransportDetails& details, const PathReport& report, std::size_t udp_sockets);

}  // namespace sluice
