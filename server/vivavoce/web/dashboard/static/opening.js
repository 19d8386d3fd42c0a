/** Opening an interview for somebody; the invitation goes out with it. */

import { post, Refusal } from './api.js';

const WAITS = 'There is an interview of this stage already that is not over.';

/**
 * @param {{candidate_id: string, evaluation_template_id: string, stage: string, interview_id?: string | null}} order
 * @returns {Promise<{join_url: string}>}
 */
export async function openInterview(order) {
  try {
    return await post('/sessions', order);
  } catch (error) {
    // The API's sentence tells a program how to insist.
    if (!(error instanceof Refusal) || error.code !== 'session_exists') throw error;
    throw new Refusal(error.status, error.code, WAITS);
  }
}
