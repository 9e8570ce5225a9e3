#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/byte_reader.h"
#include "sluice/result.h"

namespace sluice {

/// RFC 6347 section 4.1, RFC 5246 section 6.2.1.
enum class DtlsContentType : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23
};

struct DtlsRecord {
  DtlsContentType type;
  std::uint16_t epoch;
  std::uint64_t sequence;  ///< 48 bits
  Bytes fragment;
  Bytes rest;  ///< of the datagram: the records that follow
};

enum class DtlsRecordError : std::uint8_t {
  truncated,     ///< the header or the fragment runs past the datagram
  unknown_type,  ///< not one of DtlsContentType
  bad_version,   ///< not a DTLS record
  too_long,      ///< longer than RFC 5246 section 6.2.3 allows
};

/// The first record of a datagram.
[[nodiscard]] Result<DtlsRecord, DtlsRecordError> next_dtls_record(Bytes datagram) noexcept;

/// What is worth giving to a handshake or a connection.
enum class DatagramVerdict : std::uint8_t {
  acceptable,
  malformed,  ///< some record of it is; RFC 6347 section 4.1.2.7: invalid records are dropped in silence
  plaintext_application_data,  ///< data that no handshake has protected
};
[[nodiscard]] DatagramVerdict inspect_datagram(Bytes datagram) noexcept;

}  // namespace sluice
