#include "core/media/ortc/feedback.h"

#include <algorithm>
#include <string_view>

#include "core/media/ortc/codec.h"

namespace sluice::ortc {
namespace {

bool is(const RtcpFeedback& feedback, std::string_view type, std::string_view parameter = "") {
  return equal_ignoring_case(feedback.type, type) && equal_ignoring_case(feedback.parameter, parameter);
}

}  // namespace

std::vector<RtcpFeedback> common_feedback(const std::vector<RtcpFeedback>& a, const std::vector<RtcpFeedback>& b) {
  std::vector<RtcpFeedback> out;
  for (const RtcpFeedback& feedback : a) {
    const bool found = std::any_of(
        b.begin(), b.end(), [&](const RtcpFeedback& other) { return is(feedback, other.type, other.parameter); });
    if (found) out.push_back(feedback);
  }
  return out;
}

void keep_one_bandwidth_feedback(std::vector<RtcpFeedback>& feedback, const HeaderExtensionMap& extensions) {
  const bool transport_cc = extensions.id_of(HeaderExtension::transport_sequence_number).has_value();
  const bool remb = !transport_cc && extensions.id_of(HeaderExtension::abs_send_time).has_value();
  std::erase_if(feedback, [&](const RtcpFeedback& entry) {
    return (!transport_cc && is(entry, "transport-cc")) || (!remb && is(entry, "goog-remb"));
  });
}

void add_feedback(FeedbackSet& set, const std::vector<RtcpFeedback>& feedback) {
  for (const RtcpFeedback& entry : feedback) {
    set.nack = set.nack || is(entry, "nack");
    set.pli = set.pli || is(entry, "nack", "pli");
    set.fir = set.fir || is(entry, "ccm", "fir");
    set.remb = set.remb || is(entry, "goog-remb");
    set.transport_cc = set.transport_cc || is(entry, "transport-cc");
  }
}

}  // namespace sluice::ortc
