#pragma once

#include <vector>

#include "core/media/ortc/mapping.h"
#include "sluice/ortc.h"

namespace sluice::ortc {

/// Messages that stand in both lists, in the order of the first.
[[nodiscard]] std::vector<RtcpFeedback> common_feedback(const std::vector<RtcpFeedback>& a,
                                                        const std::vector<RtcpFeedback>& b);

/// Leaves one way of bandwidth estimation, or none: transport-cc where its header extension is in use, else goog-remb
/// where abs-send-time is. An endpoint that is offered both would answer both, and neither could be relied on.
void keep_one_bandwidth_feedback(std::vector<RtcpFeedback>& feedback, const HeaderExtensionMap& extensions);

/// Adds what the list says.
void add_feedback(FeedbackSet& set, const std::vector<RtcpFeedback>& feedback);

}  // namespace sluice::ortc
