#pragma once

#include <functional>
#include <string>

#include "core/media/ortc/mapping.h"
#include "sluice/ortc.h"

/// Matching what one side sends with what the other can receive. Pure functions of the control thread: they allocate
/// and throw, and touch nothing but their arguments.
namespace sluice::ortc {

/// Gives SSRCs that are not in use where the result will be used. Must not give 0, nor the same one twice.
using SsrcGenerator = std::function<Ssrc()>;

struct NegotiatedProducer {
  ProducerType type = ProducerType::simple;
  /// What consumers are negotiated against: the router's payload types and extension ids, one encoding per stream with
  /// the router's SSRC.
  RtpParameters consumable{};
  ProducerMapping mapping{};
};

/// Validates `parameters` (see validate.h) and fits them into `router`. `fallback_cname` stands in where the producer
/// has none. Throws Error{invalid_payload} or, where the router has none of the codecs, Error{unsupported}.
[[nodiscard]] NegotiatedProducer negotiate_producer(MediaKind kind, const RtpParameters& parameters,
                                                    const RtpCapabilities& router, const SsrcGenerator& new_ssrc,
                                                    const std::string& fallback_cname);

struct ConsumerOptions {
  std::optional<Mid> mid{};  ///< the consumer's m-section
  bool rtx = true;           ///< offer RTX where the receiver supports it
  bool pipe = false;         ///< pass all streams on as they are instead of one chosen from them
};

struct NegotiatedConsumer {
  ConsumerType type = ConsumerType::simple;
  RtpParameters parameters{};  ///< for the client
  ConsumerMapping mapping{};
};

/// Whether an endpoint of these capabilities can receive the producer. Validates `remote`, and throws where it is
/// wrong.
[[nodiscard]] bool can_consume(const RtpParameters& consumable, const RtpCapabilities& remote);

/// Validates `remote` and describes the stream that it will receive. Payload types and extension ids are the remote's
/// own; for mediasoup-client, which answers in the router's numbering, they are the router's.
/// Throws Error{invalid_payload} or, where no codec is common, Error{unsupported}.
[[nodiscard]] NegotiatedConsumer negotiate_consumer(const NegotiatedProducer& producer, const RtpCapabilities& remote,
                                                    const SsrcGenerator& new_ssrc, const ConsumerOptions& options = {});

/// The same without a producer: what any of the router's producers of `kind` could be sent as, in all codecs that the
/// remote shares. `cname` stays the stream's, whoever is sent.
[[nodiscard]] NegotiatedConsumer negotiate_slot(MediaKind kind, const RtpCapabilities& router,
                                                const RtpCapabilities& remote, const std::string& cname,
                                                const SsrcGenerator& new_ssrc, const ConsumerOptions& options = {});

/// Whether some codec of the producer was negotiated in the slot.
[[nodiscard]] bool fits_slot(const RtpParameters& consumable, const ConsumerMapping& slot);

}  // namespace sluice::ortc
