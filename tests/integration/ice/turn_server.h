#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace sluice::test {

/// Debian's coturn as a child process: STUN and TURN over UDP on 127.0.0.1, on a port that was free. Ends with this
/// object.
class CoturnProcess {
 public:
  static constexpr const char* kIp = "127.0.0.1";
  static constexpr const char* kUser = "sluice";
  static constexpr const char* kPassword = "relay-me";

  /// @throws std::runtime_error when it does not start or does not answer a Binding request within a minute;
  ///   says what its log says.
  /// @param shared_secret  Set: users come with time-limited credentials made of it (TURN REST API) instead of kUser's.
  explicit CoturnProcess(const std::string& shared_secret = {});
  ~CoturnProcess();
  CoturnProcess(const CoturnProcess&) = delete;
  CoturnProcess& operator=(const CoturnProcess&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  void wait_until_it_answers();
  void stop() noexcept;

  std::string folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace sluice::test
