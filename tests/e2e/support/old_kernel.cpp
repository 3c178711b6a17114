// old_kernel ENOSYS|EPERM COMMAND...: becomes the command, for which, and for all that descends from it, the kernel has
// none of the calls that came after Linux 4.18 (ENOSYS), or a container forbids them (EPERM, as seccomp profiles that
// do not know a call say it).
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <vector>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// By number, which is the same on every architecture from 424 on: the headers that this is built with may be older.
constexpr unsigned first_after_4_18 = 424;
constexpr unsigned clone3 = 435; // the C library knows ENOSYS of it, and no other word
constexpr unsigned older[] = {SYS_statx, SYS_renameat2, SYS_copy_file_range};

sock_filter load(std::size_t offset) { return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset)); }
sock_filter answer(int error) { return BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)); }
/// The next instruction is for this number alone.
sock_filter only_for(unsigned number) { return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1); }

bool refuse(int error) {
    std::vector<sock_filter> program{load(offsetof(seccomp_data, nr))};
    program.push_back(only_for(clone3));
    program.push_back(answer(ENOSYS));
    for (auto each : older) {
        program.push_back(only_for(each));
        program.push_back(answer(error));
    }
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, first_after_4_18, 0, 1));
    program.push_back(answer(error));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    sock_fprog whole{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) == 0;
}

} // namespace

int main(int, char** words) {
    if (!words[1] || !words[2])
        return std::fputs("usage: old_kernel ENOSYS|EPERM COMMAND...\n", stderr), 2;
    if (!refuse(std::strcmp(words[1], "EPERM") == 0 ? EPERM : ENOSYS))
        return std::perror("old_kernel: no filter could be set"), 1;
    ::execvp(words[2], words + 2);
    return std::perror(words[2]), 127;
}
