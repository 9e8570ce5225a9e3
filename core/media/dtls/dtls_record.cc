#include "core/media/dtls/dtls_record.h"

namespace sluice {
namespace {

constexpr std::uint8_t kVersionMajor = 0xfe;  // DTLS 1.0 is fe ff, DTLS 1.2 is fe fd
constexpr std::size_t kMaxFragment = (1 << 14) + 2048;

bool is_content_type(std::uint8_t type) noexcept {
  return type >= static_cast<std::uint8_t>(DtlsContentType::change_cipher_spec) &&
         type <= static_cast<std::uint8_t>(DtlsContentType::application_data);
}

}  // namespace

// RFC 6347 section 4.1:
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |  content type |            version            |     epoch ... |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// | ... epoch     |           sequence number (48 bits) ...       |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |       ... sequence number                     |   length ...  |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// | ... length    | fragment
// +-+-+-+-+-+-+-+-+
Result<DtlsRecord, DtlsRecordError> next_dtls_record(Bytes datagram) noexcept {
  ByteReader in{datagram};
  const std::uint8_t type = in.u8();
  const std::uint8_t version_major = in.u8();
  in.skip(1);
  const std::uint16_t epoch = in.u16();
  const std::uint64_t sequence = std::uint64_t{in.u16()} << 32 | in.u32();
  const std::size_t length = in.u16();
  const Bytes fragment = in.bytes(length);

  if (in.failed()) return DtlsRecordError::truncated;
  if (!is_content_type(type)) return DtlsRecordError::unknown_type;
  if (version_major != kVersionMajor) return DtlsRecordError::bad_version;
  if (length > kMaxFragment) return DtlsRecordError::too_long;
  return DtlsRecord{
      .type = DtlsContentType{type}, .epoch = epoch, .sequence = sequence, .fragment = fragment, .rest = in.rest()};
}

DatagramVerdict inspect_datagram(Bytes datagram) noexcept {
  do {
    const auto record = next_dtls_record(datagram);
    if (!record) return DatagramVerdict::malformed;
    if (record->type == DtlsContentType::application_data && record->epoch == 0) {
      return DatagramVerdict::plaintext_application_data;
    }
    datagram = record->rest;
  } while (!datagram.empty());
  return DatagramVerdict::acceptable;
}

}  // namespace sluice
