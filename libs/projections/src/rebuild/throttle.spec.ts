import { Duty } from './throttle.js';

describe('the duty of a rebuild', () => {
  it('is all of its time where nobody asks anything', () => {
    const duty = new Duty();
    for (let look = 0; look < 10; look += 1) duty.observe(null, null);
    expect(duty.share).toBe(1);
    expect(duty.restAfter(100)).toBe(0);
  });

  it('is halved at each look while requests take more than twice as long as before, down to a twentieth', () => {
    const duty = new Duty();
    duty.observe(101, 50);
    expect(duty.share).toBe(0.25);
    expect(duty.restAfter(100)).toBe(300);
    for (let look = 0; look < 10; look += 1) duty.observe(101, 50);
    expect(duty.share).toBe(0.05);
    duty.observe(99, 50);
    expect(duty.share).toBeCloseTo(0.0625);
  });

  it('does not give way to requests that are fast anyway', () => {
    const duty = new Duty();
    duty.observe(24, 1);
    expect(duty.share).toBe(0.625);
  });
});
