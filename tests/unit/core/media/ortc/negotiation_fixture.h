#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/media/ortc/negotiation.h"
#include "core/media/ortc/router_capabilities.h"
#include "tests/unit/core/media/ortc/fixtures.h"

namespace sluice::ortc {

/// 1000, 1001, ...
class CountingSsrcs {
 public:
  [[nodiscard]] SsrcGenerator generator() {
    return [this] { return Ssrc{next_++}; };
  }

 private:
  std::uint32_t next_ = 1000;
};

inline const RtpCapabilities& default_router() {
  static const RtpCapabilities capabilities = router_capabilities(default_codecs());
  return capabilities;
}

inline NegotiatedProducer produce(MediaKind kind, const RtpParameters& parameters,
                                  const RtpCapabilities& router = default_router()) {
  CountingSsrcs ssrcs;
  return negotiate_producer(kind, parameters, router, ssrcs.generator(), "fallback-cname");
}

inline NegotiatedProducer produce(MediaKind kind, std::string_view parameters) {
  return produce(kind, fixtures::read<RtpParameters>(parameters));
}

inline NegotiatedConsumer consume(const NegotiatedProducer& producer, std::string_view capabilities,
                                  const ConsumerOptions& options = {}) {
  CountingSsrcs ssrcs;
  return negotiate_consumer(producer, fixtures::read<RtpCapabilities>(capabilities), ssrcs.generator(), options);
}

inline std::vector<int> extension_ids(const RtpParameters& parameters) {
  std::vector<int> ids;
  for (const auto& extension : parameters.header_extensions) ids.push_back(extension.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

inline bool has_feedback(const std::vector<RtcpFeedback>& feedback, const RtcpFeedback& wanted) {
  return std::find(feedback.begin(), feedback.end(), wanted) != feedback.end();
}

/// The payload type of a codec, with parameter `key` equal to `value` where one is given; 0 for none.
inline PayloadType payload_type_of(const RtpCapabilities& capabilities, std::string_view mime_type,
                                   std::string_view key = "", const json::value& value = {}) {
  for (const auto& codec : capabilities.codecs) {
    if (codec.mime_type != mime_type) continue;
    const auto found = codec.parameters.find(key);
    if (key.empty() || (found != codec.parameters.end() && found->second == value)) {
      return codec.preferred_payload_type.value();
    }
  }
  return PayloadType{0};
}

}  // namespace sluice::ortc
