#include "cage/cage.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <initializer_list>
#include <memory>
#include <utility>

#include "base/sanitized.h"

namespace spoor::cage {
namespace {

constexpr std::uint64_t kReadRights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kFileOnlyRights =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
// Rights of ABI 1; the numbers of later rights are those of the kernel's landlock(7).
constexpr std::uint64_t kFirstRights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
constexpr std::uint64_t kRefer = 1ULL << 13;
constexpr std::uint64_t kTruncate = 1ULL << 14;
constexpr std::uint64_t kDeviceControl = 1ULL << 15;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

Result<void> allow_below(int rules, const char* path, std::uint64_t rights, bool must_exist) {
  const Descriptor folder(::open(path, O_PATH | O_CLOEXEC));
  if (folder.get() < 0) {
    if (!must_exist) {
      return {};
    }
    return fail(system_error("cannot open", path, errno));
  }
  struct stat status{};
  if (::fstat(folder.get(), &status) == 0 && !S_ISDIR(status.st_mode)) {
    rights &= kFileOnlyRights | kTruncate;
  }
  const landlock_path_beneath_attr rule{.allowed_access = rights, .parent_fd = folder.get()};
  if (::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
    return fail(system_error("cannot add a Landlock rule for", path, errno));
  }
  return {};
}

long landlock_version() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

std::uint64_t handled_rights(long version) {
  std::uint64_t rights = kFirstRights;
  rights |= version >= 2 ? kRefer : 0;
  rights |= version >= 3 ? kTruncate : 0;
  rights |= version >= 5 ? kDeviceControl : 0;
  return rights;
}

/// A rule set that takes all `rights` away, until rules give some back.
Result<Descriptor> make_rules(std::uint64_t rights) {
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = rights;
  Descriptor rules(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes,
                                              sizeof(attributes.handled_access_fs), 0)));
  if (rules.get() < 0) {
    return fail(system_error("cannot create a Landlock rule set", "", errno));
  }
  return rules;
}

Result<void> enter_rules(const Descriptor& rules) {
  if (::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) {
    return fail(system_error("cannot enter the Landlock cage", "", errno));
  }
  return {};
}

Result<void> enter_landlock(const std::string& folder, std::span<const char* const> readable,
                            long version) {
  const std::uint64_t rights = handled_rights(version);
  const Descriptor rules = TRY(make_rules(rights));
  TRY_VOID(allow_below(rules.get(), folder.c_str(),
                       rights & ~(LANDLOCK_ACCESS_FS_EXECUTE | kDeviceControl), true));
  for (const char* path : readable) {
    TRY_VOID(allow_below(rules.get(), path, kReadRights, false));
  }
  TRY_VOID(allow_below(rules.get(), "/dev/null", kFileOnlyRights, false));
  return enter_rules(rules);
}

/// Hides the usual homes of secrets under empty, read-only file systems.
Result<void> enter_mounts(const std::string& folder, std::span<const char* const> readable) {
  if (::unshare(CLONE_NEWNS) != 0) {
    return fail(system_error("cannot make a mount namespace", "", errno));
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return fail(system_error("cannot make mounts private", "/", errno));
  }
  // The new root holds the data folder and the read-only folders, each at its own path.
  constexpr const char* kRoot = "/run";
  if (::mount("none", kRoot, "tmpfs", MS_NODEV | MS_NOSUID | MS_NOEXEC, "mode=0755,size=1m") != 0) {
    return fail(system_error("cannot mount the cage", kRoot, errno));
  }
  const auto bind = [&](const std::string& path, bool writable) -> Result<void> {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
      return {};
    }
    const std::string place = kRoot + path;
    for (std::size_t slash = place.find('/', 5); slash != std::string::npos;
         slash = place.find('/', slash + 1)) {
      (void)::mkdir(place.substr(0, slash).c_str(), 0755);
    }
    (void)::mkdir(place.c_str(), 0755);
    if (::mount(path.c_str(), place.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) {
      return fail(system_error("cannot bind into the cage", path, errno));
    }
    if (!writable && ::mount(nullptr, place.c_str(), nullptr,
                             MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID, nullptr) != 0) {
      return fail(system_error("cannot make read-only", path, errno));
    }
    return {};
  };
  TRY_VOID(bind(folder, true));
  for (const char* path : readable) {
    TRY_VOID(bind(path, false));
  }
  if (::chroot(kRoot) != 0 || ::chdir("/") != 0) {
    return fail(system_error("cannot enter the cage", kRoot, errno));
  }
  return {};
}

Result<void> give_up_new_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return fail(system_error("cannot give up new privileges", "", errno));
  }
  return {};
}

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

Result<Filter> make_filter(std::uint32_t otherwise) {
  Filter filter(seccomp_init(otherwise), &seccomp_release);
  if (!filter) {
    return fail(ErrorCode::kIo, "cannot make a system call filter");
  }
  return filter;
}

Result<void> add_rule(const Filter& filter, std::uint32_t action, int call,
                      std::initializer_list<scmp_arg_cmp> conditions) {
  const int added = seccomp_rule_add_array(
      filter.get(), action, call, static_cast<unsigned>(conditions.size()), conditions.begin());
  // A call that this processor's table lacks needs no rule.
  if (added != 0 && added != -EDOM && added != -EFAULT) {
    return fail(system_error("cannot add a rule for a system call", "", -added));
  }
  return {};
}

Result<void> add_rules(const Filter& filter, std::uint32_t action, std::span<const int> calls) {
  for (const int call : calls) {
    TRY_VOID(add_rule(filter, action, call, {}));
  }
  return {};
}

Result<void> load(const Filter& filter) {
  const int loaded = seccomp_load(filter.get());
  if (loaded != 0) {
    return fail(system_error("cannot load the system call filter", "", -loaded));
  }
  return {};
}

}  // namespace

Result<FileCage> enter_file_cage(const std::string& folder, std::span<const char* const> readable) {
  TRY_VOID(give_up_new_privileges());
  const long version = landlock_version();
  if (version >= 1) {
    TRY_VOID(enter_landlock(folder, readable, version));
    return FileCage::kLandlock;
  }
  if (::geteuid() == 0) {
    TRY_VOID(enter_mounts(folder, readable));
    return FileCage::kMounts;
  }
  return FileCage::kNone;
}

Result<FileCage> give_up_files() {
  TRY_VOID(give_up_new_privileges());
  const long version = landlock_version();
  if (version < 1) {
    return FileCage::kNone;
  }
  TRY_VOID(enter_rules(TRY(make_rules(handled_rights(version)))));
  return FileCage::kLandlock;
}

Result<void> forbid_dangerous_calls() {
  // Through io_uring a process could do what the list below forbids.
  constexpr std::array kForbidden = {
      SCMP_SYS(socket),
      SCMP_SYS(connect),
      SCMP_SYS(bind),
      SCMP_SYS(swapon),
      SCMP_SYS(execve),
      SCMP_SYS(execveat),
      SCMP_SYS(ptrace),
      SCMP_SYS(process_vm_readv),
      SCMP_SYS(process_vm_writev),
      SCMP_SYS(io_uring_setup),
      SCMP_SYS(io_uring_enter),
      SCMP_SYS(io_uring_register),
      SCMP_SYS(mount),
      SCMP_SYS(umount2),
      SCMP_SYS(pivot_root),
      SCMP_SYS(chroot),
      SCMP_SYS(setns),
      SCMP_SYS(unshare),
      SCMP_SYS(bpf),
      SCMP_SYS(perf_event_open),
      SCMP_SYS(init_module),
      SCMP_SYS(finit_module),
      SCMP_SYS(kexec_load),
      SCMP_SYS(keyctl),
      SCMP_SYS(add_key),
      SCMP_SYS(request_key),
      SCMP_SYS(open_by_handle_at),
      SCMP_SYS(pidfd_getfd),
  };
  const Filter filter = TRY(make_filter(SCMP_ACT_ALLOW));
  TRY_VOID(add_rules(filter, SCMP_ACT_ERRNO(EPERM), kForbidden));
  return load(filter);
}

Result<void> allow_parser_calls() {
  constexpr std::array kAllowed = {
      // Open descriptors. No call here takes a path, but newfstatat, by which the C library asks
      // for the size of an open file: it can tell whether a path exists, and nothing of its
      // content.
      SCMP_SYS(read),
      SCMP_SYS(readv),
      SCMP_SYS(pread64),
      SCMP_SYS(write),
      SCMP_SYS(writev),
      SCMP_SYS(pwrite64),
      SCMP_SYS(lseek),
      SCMP_SYS(ftruncate),
      SCMP_SYS(fstat),
      SCMP_SYS(newfstatat),
      SCMP_SYS(dup),
      SCMP_SYS(close),
      SCMP_SYS(poll),
      // Memory; see also below.
      SCMP_SYS(brk),
      SCMP_SYS(munmap),
      SCMP_SYS(mremap),
      SCMP_SYS(madvise),
      // Time, randomness, waiting for oneself.
      SCMP_SYS(clock_gettime),
      SCMP_SYS(clock_nanosleep),
      SCMP_SYS(nanosleep),
      SCMP_SYS(gettimeofday),
      SCMP_SYS(time),
      SCMP_SYS(getrandom),
      SCMP_SYS(futex),
      SCMP_SYS(sched_yield),
      SCMP_SYS(sched_getaffinity),
      SCMP_SYS(getpid),
      SCMP_SYS(gettid),
      // Signals of its own and its end.
      SCMP_SYS(rt_sigaction),
      SCMP_SYS(rt_sigprocmask),
      SCMP_SYS(rt_sigreturn),
      SCMP_SYS(sigaltstack),
      SCMP_SYS(restart_syscall),
      SCMP_SYS(exit),
      SCMP_SYS(exit_group),
  };
  const Filter filter = TRY(make_filter(SCMP_ACT_ERRNO(EPERM)));
  TRY_VOID(add_rules(filter, SCMP_ACT_ALLOW, kAllowed));
  if (kIsSanitized) {
    // UBSan asks through a pipe whether memory can be read, and takes a refusal for "no".
    TRY_VOID(add_rule(filter, SCMP_ACT_ALLOW, SCMP_SYS(pipe2), {}));
  }
  // No memory that can be run as code, and no signal (abort() sends one) to another process.
  const scmp_arg_cmp not_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  const scmp_arg_cmp own = SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid()));
  TRY_VOID(add_rule(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), {not_code}));
  TRY_VOID(add_rule(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), {not_code}));
  TRY_VOID(add_rule(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), {own}));
  return load(filter);
}

}  // namespace spoor::cage
