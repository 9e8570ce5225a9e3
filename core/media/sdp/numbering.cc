#include "core/media/sdp/numbering.h"

#include <algorithm>

#include "core/media/ortc/codec.h"
#include "core/media/ortc/redundancy.h"
#include "core/media/rtp/header_extensions.h"

namespace sluice::sdp {
namespace {

/// The labels by which packets are told apart are read before it is known whose they are, so that their ids must mean
/// the same for all kinds. For the others the kind may decide: some clients give one id two meanings.
bool is_label(std::string_view name) noexcept {
  return name == uri(HeaderExtension::mid) || name == uri(HeaderExtension::rid) ||
         name == uri(HeaderExtension::repaired_rid);
}

/// Of RTX what it repairs, of RED what its blocks are; none of what stands by itself.
std::optional<PayloadType> named_payload_type(const RtpCodecCapability& codec) {
  if (ortc::is_red(codec.mime_type)) return ortc::block_payload_type(codec.parameters);
  return ortc::is_rtx(codec.mime_type) ? ortc::associated_payload_type(codec.parameters) : std::nullopt;
}

void rename_payload_type(RtpCodecCapability& codec, PayloadType named) {
  if (ortc::is_red(codec.mime_type)) {
    codec.parameters = ortc::red_parameters(named);
  } else {
    codec.parameters["apt"] = named.value();
  }
}

constexpr std::uint8_t kLastShortId = 14;  // RFC 8285 section 4.2

}  // namespace

bool same_meaning(const RtpCodecCapability& a, const RtpCodecCapability& b) {
  if (!ortc::same_codec(ortc::view(a), ortc::view(b))) return false;
  return named_payload_type(a) == named_payload_type(b);
}

Result<Ok, Problem> Numbering::learn(const MediaSection& section, MediaKind kind,
                                     const std::vector<RtpCodecCapability>& codecs) {
  of(kind).shown = of(kind).shown || !codecs.empty();
  for (const Codec& codec : section.codecs) payload_types_.set(codec.payload_type.value());
  for (const RtpCodecCapability& codec : codecs) {
    const auto stands = std::find_if(section.codecs.begin(), section.codecs.end(), [&](const Codec& other) {
      return other.payload_type == *codec.preferred_payload_type;
    });
    const std::size_t line = stands == section.codecs.end() ? section.line : stands->line;
    if (const auto learnt = learn_codec(codec, line); !learnt) return learnt;
  }
  for (const Extension& extension : section.extensions) {
    if (const auto learnt = learn_extension(extension, kind); !learnt) return learnt;
  }
  return Ok{};
}

Result<Ok, Problem> Numbering::learn_codec(const RtpCodecCapability& codec, std::size_t line) {
  const RtpCodecCapability* const known = find_codec(*codec.preferred_payload_type);
  if (known == nullptr) {
    of(codec.kind).codecs.push_back(codec);
    return Ok{};
  }
  if (known->kind == codec.kind && same_meaning(*known, codec)) return Ok{};
  return Problem{line, "the payload type stands for another codec in this session"};
}

Result<Ok, Problem> Numbering::learn_extension(const Extension& extension, MediaKind kind) {
  extension_ids_.set(extension.id);
  if (!header_extension_from_uri(extension.uri)) return Ok{};
  for (const MediaKind other : {MediaKind::audio, MediaKind::video}) {
    for (const RtpHeaderExtensionCapability& known : of(other).extensions) {
      const bool clash = (known.preferred_id == extension.id) != (known.uri == extension.uri);
      const bool matters = other == kind || is_label(known.uri) || is_label(extension.uri);
      if (clash && matters) return Problem{extension.line, "the header extension has another id in this session"};
    }
  }
  const auto& list = of(kind).extensions;
  const bool known = std::any_of(list.begin(), list.end(), [&](const auto& e) { return e.uri == extension.uri; });
  if (!known) of(kind).extensions.push_back({.kind = kind, .uri = extension.uri, .preferred_id = extension.id});
  return Ok{};
}

void Numbering::remember(const Numbering& before) {
  for (const MediaKind kind : {MediaKind::audio, MediaKind::video}) remember(before, kind);
}

void Numbering::remember(const Numbering& before, MediaKind kind) {
  OfKind& mine = of(kind);
  const OfKind& old = before.kinds_[static_cast<std::size_t>(kind)];
  std::bitset<128> free;
  for (const RtpCodecCapability& codec : old.codecs) free.set(codec.preferred_payload_type->value());
  free &= ~payload_types_;
  std::bitset<128> added;
  for (const RtpCodecCapability& codec : old.codecs) {
    const std::uint8_t payload_type = codec.preferred_payload_type->value();
    if (!free.test(payload_type)) continue;
    // RTX and RED make no sense without what they name.
    const auto named = named_payload_type(codec);
    if (named && !free.test(named->value())) continue;
    mine.codecs.push_back(codec);
    added.set(payload_type);
  }
  payload_types_ |= added;
  for (const RtpHeaderExtensionCapability& extension : old.extensions) {
    const bool known = std::ranges::any_of(mine.extensions, [&](const auto& e) { return e.uri == extension.uri; });
    if (known || extension_ids_.test(extension.preferred_id)) continue;
    extension_ids_.set(extension.preferred_id);
    mine.extensions.push_back(extension);
  }
  mine.shown = mine.shown || !mine.codecs.empty();
}

RtpCapabilities Numbering::capabilities(MediaKind kind, const RtpCapabilities& router) {
  if (!of(kind).shown) take_routers(kind, router);
  RtpCapabilities out{.codecs = of(kind).codecs, .header_extensions = of(kind).extensions};
  drop_ambiguous(out);
  return out;
}

void Numbering::drop_ambiguous(RtpCapabilities& capabilities) const {
  std::erase_if(capabilities.header_extensions, [this](const RtpHeaderExtensionCapability& extension) {
    return std::any_of(kinds_.begin(), kinds_.end(), [&](const OfKind& of_kind) {
      return std::any_of(of_kind.extensions.begin(), of_kind.extensions.end(), [&](const auto& known) {
        return known.preferred_id == extension.preferred_id && known.uri != extension.uri;
      });
    });
  });
}

const RtpCodecCapability* Numbering::find_codec(PayloadType payload_type) const noexcept {
  for (const OfKind& of_kind : kinds_) {
    for (const RtpCodecCapability& codec : of_kind.codecs) {
      if (codec.preferred_payload_type == payload_type) return &codec;
    }
  }
  return nullptr;
}

/// Dynamic ones, RFC 3551 section 6, and after them what else RTCP leaves free.
std::optional<PayloadType> Numbering::free_payload_type(PayloadType wanted) const noexcept {
  if (!payload_types_.test(wanted.value())) return wanted;
  for (std::uint8_t candidate = 96; candidate <= 127; ++candidate) {
    if (!payload_types_.test(candidate)) return PayloadType{candidate};
  }
  for (std::uint8_t candidate = 35; candidate < 64; ++candidate) {
    if (!payload_types_.test(candidate)) return PayloadType{candidate};
  }
  return std::nullopt;
}

/// The id that the extension has in the other kind, the wanted one where it is free, else the next; 0: none is left.
std::uint8_t Numbering::extension_id(const std::string& uri, std::uint8_t wanted) const noexcept {
  for (const OfKind& of_kind : kinds_) {
    for (const RtpHeaderExtensionCapability& known : of_kind.extensions) {
      if (known.uri == uri) return known.preferred_id;
    }
  }
  if (!extension_ids_.test(wanted)) return wanted;
  for (std::uint8_t candidate = 1; candidate <= kLastShortId; ++candidate) {
    if (!extension_ids_.test(candidate)) return candidate;
  }
  return 0;
}

/// What finds no free number is left out, as is RTX for it.
void Numbering::take_routers(MediaKind kind, const RtpCapabilities& router) {
  OfKind& mine = of(kind);
  mine.shown = true;  // told to the client, and so for good
  std::array<std::optional<PayloadType>, 128> renumbered{};
  for (RtpCodecCapability codec : router.codecs) {
    if (codec.kind != kind) continue;
    if (const auto named = named_payload_type(codec)) {
      // The router lists RTX and RED after what they name.
      if (!renumbered[named->value()]) continue;
      rename_payload_type(codec, *renumbered[named->value()]);
    }
    const auto given = free_payload_type(*codec.preferred_payload_type);
    if (!given) continue;
    renumbered[codec.preferred_payload_type->value()] = given;
    payload_types_.set(given->value());
    codec.preferred_payload_type = given;
    mine.codecs.push_back(std::move(codec));
  }
  for (RtpHeaderExtensionCapability extension : router.header_extensions) {
    if (extension.kind != kind) continue;
    extension.preferred_id = extension_id(extension.uri, extension.preferred_id);
    if (extension.preferred_id == 0) continue;
    extension_ids_.set(extension.preferred_id);
    mine.extensions.push_back(std::move(extension));
  }
}

}  // namespace sluice::sdp
