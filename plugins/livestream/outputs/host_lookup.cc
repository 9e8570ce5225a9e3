#include "outputs/host_lookup.h"

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "sluice/media/media_file.h"

namespace sluice::livestream {

namespace {

constexpr std::size_t kMaxAddresses = 8;
constexpr std::chrono::milliseconds kAsks{100};

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

/// Waits for the system. Empty: it knows none.
std::vector<std::string> addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, FreeAddresses> list{found};
  std::vector<std::string> addresses;
  for (const auto* entry = list.get(); entry != nullptr && addresses.size() < kMaxAddresses; entry = entry->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    const auto error =
        ::getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    if (error == 0) addresses.emplace_back(text.data());
  }
  return addresses;
}

}  // namespace

struct HostLookup::Question {
  explicit Question(std::string name) : host{std::move(name)} {}
  const std::string host;
  std::mutex mutex;
  std::condition_variable answered;
  bool is_answered = false;
  std::vector<std::string> addresses;
};

std::vector<std::string> HostLookup::resolve(const std::string& host, Function<bool()>& cancelled) {
  if (question_ == nullptr || question_->host != host) {
    question_ = std::make_shared<Question>(host);
    std::thread{[question = question_] {
      auto addresses = addresses_of(question->host);
      const std::lock_guard lock{question->mutex};
      question->addresses = std::move(addresses);
      question->is_answered = true;
      question->answered.notify_all();
    }}.detach();
  }
  std::unique_lock lock{question_->mutex};
  while (!question_->answered.wait_for(lock, kAsks, [this] { return question_->is_answered; })) {
    if (cancelled()) throw media::MediaError{"the host's address is not told", -ETIMEDOUT};
  }
  auto addresses = std::move(question_->addresses);
  lock.unlock();
  question_.reset();
  if (addresses.empty()) throw media::MediaError{"the host " + host + " is not found", -ENOENT};
  return addresses;
}

}  // namespace sluice::livestream
