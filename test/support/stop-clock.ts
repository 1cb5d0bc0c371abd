/** Runs work in which no time passes but what it says: on a busy machine a second is soon gone. */
export async function withStoppedClock<T>(work: () => Promise<T>): Promise<T> {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now())
  try {
    return await work()
  } finally {
    clock.mockRestore()
  }
}
