#include <boost/json/parse.hpp>
#include <boost/json/parse_options.hpp>
#include <cstdint>
#include <cstdlib>

#include "core/media/ortc/negotiation.h"
#include "core/media/ortc/router_capabilities.h"
#include "core/media/ortc/validate.h"

/// The input is a JSON object of what one client may send: `{kind, rtpParameters, rtpCapabilities, dtlsParameters,
/// codecs}`, every member optional. Each goes the way it goes in the gateway. Nothing but Error may be thrown, and what
/// comes out of a negotiation must itself be valid.
namespace sluice::ortc {
namespace {

constexpr std::size_t kMaxDepth = 16;

template <class T>
std::optional<T> member(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains({name.data(), name.size()});
  if (found == nullptr) return std::nullopt;
  try {
    return from_json<T>(*found);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// `step` may refuse, with an Error that can be answered.
template <class Step>
void may_refuse(Step step) {
  try {
    step();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::internal) std::abort();
    static_cast<void>(error.to_json());
  }
}

RtpCapabilities router_of(const json::object& input) {
  RtpCapabilities router = router_capabilities(default_codecs());
  if (const auto codecs = member<std::vector<RtpCodecCapability>>(input, "codecs")) {
    may_refuse([&] {
      router = router_capabilities(*codecs);
      validate(router);
    });
  }
  return router;
}

/// What we tell a client must pass the check that clients have to pass.
void check_own(const RtpParameters& parameters, MediaKind kind) {
  try {
    validate(parameters, kind);
  } catch (const Error&) {
    std::abort();
  }
}

void consume(const NegotiatedProducer& producer, MediaKind kind, const RtpCapabilities& remote,
             const SsrcGenerator& new_ssrc) {
  for (const bool pipe : {false, true}) {
    may_refuse([&] {
      const bool can = can_consume(producer.consumable, remote);
      const auto consumer =
          negotiate_consumer(producer, remote, new_ssrc, {.mid = Mid::from("0"), .rtx = !pipe, .pipe = pipe});
      if (!can) std::abort();
      check_own(consumer.parameters, kind);
      static_cast<void>(to_json(consumer.parameters));
    });
  }
}

void run(const json::object& input) {
  std::uint32_t next = 1;
  const SsrcGenerator new_ssrc = [&next] { return Ssrc{next++}; };
  const RtpCapabilities router = router_of(input);
  const MediaKind kind = member<MediaKind>(input, "kind").value_or(MediaKind::video);
  if (const auto dtls = member<DtlsParameters>(input, "dtlsParameters")) may_refuse([&] { validate(*dtls); });

  const auto remote = member<RtpCapabilities>(input, "rtpCapabilities");
  if (remote) may_refuse([&] { validate(*remote); });

  const auto parameters = member<RtpParameters>(input, "rtpParameters");
  if (!parameters) return;
  may_refuse([&] {
    const auto producer = negotiate_producer(kind, *parameters, router, new_ssrc, "fallback");
    static_cast<void>(to_json(producer.consumable));
    consume(producer, kind, router, new_ssrc);
    if (remote) consume(producer, kind, *remote, new_ssrc);
  });
}

}  // namespace
}  // namespace sluice::ortc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace json = boost::json;
  json::parse_options options;
  options.max_depth = sluice::ortc::kMaxDepth;
  boost::system::error_code failed;
  const json::value input = json::parse({reinterpret_cast<const char*>(data), size}, failed, {}, options);
  if (!failed && input.is_object()) sluice::ortc::run(input.as_object());
  return 0;
}
