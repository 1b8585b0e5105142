/** The page of the preview runs what the editor brings along. */
import '@earshot/editor/frame'
import '@earshot/editor/frame.css'
