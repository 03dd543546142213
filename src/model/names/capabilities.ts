/** Capabilities by their bits, as in include/uapi/linux/capability.h. */

export const CAPABILITIES: readonly string[] =
	"chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore".split(
		" ",
	);

/** Of a set in hexadecimal, as in /proc/PID/status. */
export function capabilityNames(set: string): readonly string[] {
	const bits = BigInt(`0x${set}`);
	return Array.from({ length: 64 }, (_, bit) => bit)
		.filter((bit) => (bits >> BigInt(bit)) & 1n)
		.map((bit) => CAPABILITIES[bit] ?? String(bit));
}
