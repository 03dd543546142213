/** Null after `ms`. */
export async function within<Value>(ms: number, value: Promise<Value>): Promise<Value | null> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<null>((resolve) => {
		timer = setTimeout(() => resolve(null), ms);
		timer.unref();
	});
	return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
