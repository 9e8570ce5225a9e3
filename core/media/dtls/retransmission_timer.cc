#include "core/media/dtls/retransmission_timer.h"

#include <openssl/crypto.h>
#include <sys/time.h>

#include <algorithm>

namespace sluice {
namespace {

constexpr unsigned kNeverUs = 3'600'000'000;            // an hour
constexpr unsigned long kBothClocksSince = 0x30200000;  // OpenSSL 3.2

}  // namespace

RetransmissionTimer::Drive RetransmissionTimer::supported_drive() noexcept {
  return OpenSSL_version_num() < kBothClocksSince ? Drive::injected_clock : Drive::both_clocks;
}

void RetransmissionTimer::make_due() noexcept {
  if (drive_ != Drive::injected_clock || openssl_deadline_ == nullptr) return;
  openssl_deadline_->tv_sec = 1;  // both zero would mean that no timer runs
  openssl_deadline_->tv_usec = 0;
}

unsigned RetransmissionTimer::next_interval_us(unsigned previous_us) noexcept {
  interval_ = previous_us == 0 ? initial_ : std::min(2 * interval_, maximum_);
  if (drive_ == Drive::injected_clock) return kNeverUs;
  return static_cast<unsigned>(std::chrono::duration_cast<std::chrono::microseconds>(interval_).count());
}

void RetransmissionTimer::handle_openssl_deadline(timeval* deadline) noexcept {
  if (drive_ == Drive::injected_clock) openssl_deadline_ = deadline;
  if (deadline->tv_sec == 0 && deadline->tv_usec == 0) {
    deadline_.reset();
  } else {
    deadline_ = now_ + interval_;
  }
}

}  // namespace sluice
