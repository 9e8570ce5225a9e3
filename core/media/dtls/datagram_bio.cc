#include "core/media/dtls/datagram_bio.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <memory>

namespace sluice {
namespace {

DatagramPipe& pipe_of(BIO* bio) noexcept { return *static_cast<DatagramPipe*>(BIO_get_data(bio)); }

int write(BIO* bio, const char* data, int size) noexcept {
  if (data == nullptr || size <= 0) return 0;
  DatagramPipe& pipe = pipe_of(bio);
  const Bytes datagram{reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
  if (size > kMaxDtlsDatagram || !pipe.outgoing.push(datagram)) ++pipe.dropped_outgoing;
  return size;
}

int read(BIO* bio, char* buffer, int size) noexcept {
  BIO_clear_retry_flags(bio);
  DatagramPipe& pipe = pipe_of(bio);
  if (buffer == nullptr || size <= 0 || pipe.incoming.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  // As with recv(), what does not fit is lost.
  const Bytes taken = pipe.incoming.first(std::min(pipe.incoming.size(), static_cast<std::size_t>(size)));
  std::ranges::copy(taken, reinterpret_cast<std::uint8_t*>(buffer));
  pipe.incoming = {};
  return static_cast<int>(taken.size());
}

// 0 to what is not known: OpenSSL 3 would take 1 as an answer to its question for kernel TLS, and crash.
long control(BIO* bio, int command, long /*number*/, void* pointer) noexcept {
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
      pipe_of(bio).timer.handle_openssl_deadline(static_cast<timeval*>(pointer));
      return 1;
    default:
      return 0;
  }
}

using BioMethod = std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)>;

BioMethod make_method() noexcept {
  BioMethod method{BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams"), BIO_meth_free};
  if (!method) return method;
  BIO_meth_set_write(method.get(), write);
  BIO_meth_set_read(method.get(), read);
  BIO_meth_set_ctrl(method.get(), control);
  return method;
}

}  // namespace

bio_st* new_datagram_bio(DatagramPipe& pipe) noexcept {
  static const BioMethod method = make_method();
  BIO* bio = method ? BIO_new(method.get()) : nullptr;
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, &pipe);
  BIO_set_init(bio, 1);
  return bio;
}

unsigned next_retransmission_us(ssl_st* connection, unsigned previous_us) noexcept {
  return pipe_of(SSL_get_rbio(connection)).timer.next_interval_us(previous_us);
}

}  // namespace sluice
